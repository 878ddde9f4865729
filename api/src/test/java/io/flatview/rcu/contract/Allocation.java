package io.flatview.rcu.contract;

import java.lang.reflect.Method;

/**
 * How many bytes a piece of code allocates in its own thread, by the management interface of the JVM. By reflection,
 * since the modules under test do not depend on it.
 */
final class Allocation {

  private Allocation() {}

  private static final int TRIES = 5;

  /**
   * How many bytes the step allocates, give or take a few dozen for the measurement. The least of some tries: the
   * interpreter and a compilation that is thrown away allocate what the step does not.
   */
  static long of(Runnable step) throws ReflectiveOperationException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      least = Math.min(least, once(step));
    }
    return least;
  }

  private static long once(Runnable step) throws ReflectiveOperationException {
    Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
    Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
    long before = (long) allocated.invoke(threads);
    step.run();
    return (long) allocated.invoke(threads) - before;
  }
}
