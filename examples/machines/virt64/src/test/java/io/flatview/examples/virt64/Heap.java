package io.flatview.examples.virt64;

import java.lang.management.ManagementFactory;

/** How much of the heap is held. */
public final class Heap {

  private static final int COLLECTIONS = 3;

  private Heap() {}

  /** @return bytes that collections leave */
  public static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
