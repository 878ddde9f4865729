package io.flatview.examples.cli.demo;

import java.time.Duration;

/**
 * How a demo is to run.
 *
 * @param duration for how long the map changes
 * @param readers how many threads read
 * @param withRam whether memory is plugged besides devices, aliases and reserved places; without it nothing is
 * unmapped,     so that even a policy that reclaims too early cannot crash the process
 */
public record DemoSettings(Duration duration, int readers, boolean withRam) {

  private static final int MAX_DEFAULT_READERS = 16;

  /**
   * As many readers as leave a core to the writer: at least two, so that they differ, and no more than sixteen.
   *
   * @return the number
   */
  public static int defaultReaders() {
    return Math.clamp(Runtime.getRuntime().availableProcessors() - 1L, 2, MAX_DEFAULT_READERS);
  }
}
