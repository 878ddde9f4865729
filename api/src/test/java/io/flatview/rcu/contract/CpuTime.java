package io.flatview.rcu.contract;

import java.lang.reflect.Method;

/** Processor time of a thread, which a busy machine does not stretch. By reflection, as {@link Allocation}. */
public final class CpuTime {

  private static final Object THREADS;
  private static final Method SPENT;

  static {
    try {
      THREADS = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
      SPENT = Class.forName("java.lang.management.ThreadMXBean").getMethod("getCurrentThreadCpuTime");
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private CpuTime() {}

  /**
   * The time until now.
   *
   * @return ns
   */
  public static long here() {
    try {
      return (long) SPENT.invoke(THREADS);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The time that a step takes.
   *
   * @param step is run
   * @return ns
   */
  public static long of(Runnable step) {
    long before = here();
    step.run();
    return here() - before;
  }

  /**
   * Keeps the thread busy.
   *
   * @param nanos for how long
   */
  public static void spend(long nanos) {
    long end = here() + nanos;
    while (here() < end) {
      Thread.onSpinWait();
    }
  }
}
