package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.List;

/** One step from a text as it was logged, pasted or mailed to the text that QEMU printed. */
@FunctionalInterface
interface Stage {

  /**
   * Undoes one kind of damage.
   *
   * @param lines the text so far; not changed
   * @param notes gets what was repaired by a guess, or left out
   * @return the text without that damage
   */
  List<Line> apply(List<Line> lines, Notes notes);
}
