package io.flatview.rcu.contract;

import java.lang.reflect.Method;

/**
 * How many bytes a piece of code allocates in its own thread, by the management interface of the JVM. By reflection,
 * since the modules under test do not depend on it.
 */
final class Allocation {

  private Allocation() {}

  /** How many bytes the step allocates, give or take a few dozen for the measurement. */
  static long of(Runnable step) throws ReflectiveOperationException {
    Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
    Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
    long before = (long) allocated.invoke(threads);
    step.run();
    return (long) allocated.invoke(threads) - before;
  }
}
