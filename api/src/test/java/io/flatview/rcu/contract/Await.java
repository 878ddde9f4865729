package io.flatview.rcu.contract;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits with limits that a slow machine does not reach. */
public final class Await {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration MOMENT = Duration.ofMillis(40);

  private Await() {}

  /**
   * Waits until something is so.
   *
   * @param what for the message
   * @param condition asked again and again
   * @throws AssertionError if it is not so in a minute
   */
  public static void until(String what, BooleanSupplier condition) {
    if (!holdsWithin(LIMIT, condition)) {
      throw new AssertionError("waited " + LIMIT.toSeconds() + " s in vain until " + what);
    }
  }

  /**
   * Waits a little.
   *
   * @param condition asked again and again
   * @return whether it is so within two seconds
   */
  public static boolean isSoon(BooleanSupplier condition) {
    return holdsWithin(SOON, condition);
  }

  /**
   * Watches for a moment that something does not happen. Passing proves little, failing proves all.
   *
   * @param what for the message
   * @param condition asked again and again
   * @throws AssertionError if it happens
   */
  public static void notFor(String what, BooleanSupplier condition) {
    if (holdsWithin(MOMENT, condition)) {
      throw new AssertionError("must not happen yet: " + what);
    }
  }

  /**
   * Sleeps, whatever interrupts.
   *
   * @param millis how long
   */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        return false;
      }
      pause(1);
    }
    return true;
  }
}
