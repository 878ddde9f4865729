package io.flatview.rcu.contract;

import java.lang.reflect.Method;

/** Processor time, which a busy machine does not stretch. By reflection, as {@link Allocation}. */
final class CpuTime {

  private CpuTime() {}

  /** How many nanoseconds of processor time the step takes in the calling thread. */
  static long of(Runnable step) throws ReflectiveOperationException {
    Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
    Method spent = Class.forName("java.lang.management.ThreadMXBean").getMethod("getCurrentThreadCpuTime");
    long before = (long) spent.invoke(threads);
    step.run();
    return (long) spent.invoke(threads) - before;
  }
}
