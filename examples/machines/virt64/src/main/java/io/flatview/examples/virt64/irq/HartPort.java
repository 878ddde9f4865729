package io.flatview.examples.virt64.irq;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A hart's interrupt inputs.
 *
 * <p>Thread-safe: any thread raises and lowers lines; the hart's thread reads them between instructions. A raise
 * happens before the hart sees the line, and wakes it from {@code wfi}.
 */
public final class HartPort {

  /** Bit in {@code mip}: software interrupt for machine mode. */
  public static final int MACHINE_SOFTWARE = 1 << 3;

  /** Bit in {@code mip}: external interrupt for machine mode. */
  public static final int MACHINE_EXTERNAL = 1 << 11;

  /** Bit in {@code mip}: external interrupt for supervisor mode. */
  public static final int SUPERVISOR_EXTERNAL = 1 << 9;

  private final AtomicInteger lines = new AtomicInteger();
  private volatile long timeCompare = -1;
  private volatile Thread thread;

  /** All lines low, and a timer that never fires. */
  public HartPort() {}

  /**
   * Sets a line.
   *
   * @param bit one of the constants
   * @param high its new level
   */
  public void set(int bit, boolean high) {
    int before = high ? lines.getAndUpdate(old -> old | bit) : lines.getAndUpdate(old -> old & ~bit);
    if (high && (before & bit) == 0) {
      wake();
    }
  }

  /**
   * The lines that are high.
   *
   * @return bits of {@code mip}
   */
  public int lines() {
    return lines.get();
  }

  /**
   * When the machine timer interrupt fires.
   *
   * @return ticks, unsigned
   */
  public long timeCompare() {
    return timeCompare;
  }

  /**
   * Programs the machine timer.
   *
   * @param ticks when it fires, unsigned
   */
  public void setTimeCompare(long ticks) {
    timeCompare = ticks;
    wake();
  }

  /** Names the calling thread as the hart's. */
  public void attach() {
    thread = Thread.currentThread();
  }

  /** Wakes the hart if it sleeps. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** Puts the line back to how a reset leaves them. */
  public void reset() {
    lines.set(0);
    timeCompare = -1;
  }
}
