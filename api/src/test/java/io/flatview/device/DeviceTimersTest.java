package io.flatview.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A timer has one time, whatever a guest does. */
class DeviceTimersTest {

  private static final int SECONDS = 60;
  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int TIMES = 300_000;
  private static final long MOST_HEAP = 16 << 20;

  private final Semaphore rung = new Semaphore(0);

  private static long heap() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void settingATimerAgainForgetsTheEarlierTime() throws InterruptedException {
    try (DeviceTimers timers = new DeviceTimers("timers")) {
      DeviceTimers.Timer timer = timers.timer(rung::release);
      long before = heap();
      for (int i = 0; i < TIMES; i++) {
        timer.set(Long.MAX_VALUE - i);
      }
      long held = heap() - before;
      assertTrue(held < MOST_HEAP, () -> held + " bytes are held");
      timer.set(0);
      assertTrue(rung.tryAcquire(SECONDS, TimeUnit.SECONDS));
      assertEquals(0, rung.availablePermits());
    }
  }

  @Test
  void timesAreUnsigned() throws InterruptedException {
    try (DeviceTimers timers = new DeviceTimers("timers")) {
      timers.timer(rung::release).set(-1);
      timers.timer(rung::release).set(Long.MIN_VALUE);
      assertFalse(rung.tryAcquire(100, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void nothingRingsAfterTheEndAndAnActionThatThrowsStopsNoOther() throws InterruptedException {
    DeviceTimers timers = new DeviceTimers("timers");
    timers.timer(() -> {
      throw new IllegalStateException("broken on purpose");
    }).set(0);
    DeviceTimers.Timer timer = timers.timer(rung::release);
    timer.set(1);
    assertTrue(rung.tryAcquire(SECONDS, TimeUnit.SECONDS));
    timers.close();
    timer.set(0);
    assertFalse(rung.tryAcquire(100, TimeUnit.MILLISECONDS));
  }

  /** Where a machine is so slow that the time has come before the end, the next attempt tells. */
  @Test
  @Timeout(300)
  void aTimerThatIsSetDoesNotRingAfterTheEnd() throws InterruptedException {
    Semaphore late = endBeforeTheTime();
    while (late == null) {
      late = endBeforeTheTime();
    }
    assertFalse(late.tryAcquire(2 * SHORT, TimeUnit.NANOSECONDS));
  }

  /** Sets a timer and ends it; null if that took too long. */
  private static Semaphore endBeforeTheTime() {
    Semaphore rings = new Semaphore(0);
    DeviceTimers timers = new DeviceTimers("timers");
    final long start = System.nanoTime();
    timers.timer(rings::release).set(SHORT);
    timers.close();
    return System.nanoTime() - start < SHORT ? rings : null;
  }
}
