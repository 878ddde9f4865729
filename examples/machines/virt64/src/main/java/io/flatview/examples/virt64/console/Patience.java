package io.flatview.examples.virt64.console;

import io.flatview.examples.virt64.time.Ticks;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a printing thread is waited for: as long as it gets on, or not much longer than a second. One that prints nothing
 * for a while has a reader that does not read.
 */
final class Patience {

  private static final Duration WHILE = Duration.ofMillis(400);
  private static final int WHILES_IN_A_HURRY = 3;

  private Patience() {}

  /**
   * Waits for a thread to end.
   *
   * @param thread the thread that prints
   * @param printed how much it has printed
   * @param hurry whether not to wait for a slow reader either
   */
  static void await(Thread thread, LongSupplier printed, boolean hurry) {
    try {
      long before = -1;
      for (int i = 0; !Ticks.of(WHILE).join(thread) && printed.getAsLong() != before; i++) {
        if (hurry && i == WHILES_IN_A_HURRY) {
          return;
        }
        before = printed.getAsLong();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
