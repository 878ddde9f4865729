package io.flatview.device;

import static java.lang.System.Logger.Level.WARNING;

import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The timers of a machine's devices, in one daemon thread. Each timer has one time at most: setting it again forgets
 * the earlier one at once, so that a guest cannot pile them up. None rings after {@link #close()}.
 */
public final class DeviceTimers implements AutoCloseable {

  /** The longest time, short enough not to overflow when it is added to the present. */
  private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(365);

  private final ScheduledThreadPoolExecutor executor;

  /**
   * Makes timers; the first timer that is set starts the thread.
   *
   * @param name the name of the thread
   */
  public DeviceTimers(String name) {
    executor = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).daemon().factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setRejectedExecutionHandler((_, _) -> { });
  }

  /**
   * A timer that is not set.
   *
   * @param action runs when the timer rings, in the thread of all timers; must not wait
   * @return a timer for a device
   */
  public Timer timer(Runnable action) {
    return new Timer(Objects.requireNonNull(action, "action"));
  }

  /** One timer. Guarded by its device: only one thread calls it at a time. */
  public final class Timer {

    private final Runnable action;
    private Future<?> pending;

    private Timer(Runnable action) {
      this.action = action;
    }

    /**
     * Sets the timer, and forgets the time that was set before; does nothing once the timers are closed. An action that
     * has begun, or waits for a lock, is not stopped: the device checks whether the timer still counts.
     *
     * @param nanos the time from now in nanoseconds, unsigned; a time of more than a year rings after one
     */
    public void set(long nanos) {
      cancel();
      boolean far = Long.compareUnsigned(nanos, LONGEST_NANOS) > 0;
      pending = executor.schedule(this::ring, far ? LONGEST_NANOS : nanos, TimeUnit.NANOSECONDS);
    }

    /** Forgets the time that was set. */
    public void cancel() {
      if (pending != null) {
        pending.cancel(false);
        pending = null;
      }
    }

    private void ring() {
      try {
        action.run();
      } catch (Throwable e) {
        System.getLogger(DeviceTimers.class.getName()).log(WARNING, "a device's timer failed", e);
      }
    }
  }

  /** Forgets all timers, and ends the thread. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
