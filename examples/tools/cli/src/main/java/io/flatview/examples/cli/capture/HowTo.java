package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.Problems;

/** How to capture a map, for messages and for the help. */
public final class HowTo {

  /** One line. */
  public static final String SHORT =
      "capture a map with (echo info mtree; sleep 1; echo quit) | qemu-system-... -monitor stdio > FILE;"
          + " 'flatview mtree --help' tells more";

  private HowTo() {}

  /** A text that is no map. */
  static DumpException refuse(String source, int line, String found) {
    return Problems.fatal(source, line, found + "; " + SHORT);
  }
}
