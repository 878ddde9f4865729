package io.flatview.examples.virt64.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Time that a thread had a processor: a host that does other things as well does not make it longer. */
final class CpuTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  /** @return ns, of the calling thread */
  static long here() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** Keeps the calling thread busy. */
  static void spend(long nanos) {
    long end = here() + nanos;
    while (here() < end) {
      Thread.onSpinWait();
    }
  }
}
