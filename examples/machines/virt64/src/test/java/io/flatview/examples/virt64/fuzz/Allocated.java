package io.flatview.examples.virt64.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes were allocated, garbage included. */
final class Allocated {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocated() {}

  /** @return by the calling thread, since it began */
  static long here() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** @return by all threads, since they began */
  static long everywhere() {
    return THREADS.getTotalThreadAllocatedBytes();
  }
}
