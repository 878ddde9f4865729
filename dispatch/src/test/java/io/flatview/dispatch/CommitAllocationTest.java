package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ChildJvm;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A commit allocates in proportion to its change: the copies of a few nodes, and the objects that take it back. */
class CommitAllocationTest {

  private static final int MOST_BYTES = 4_096;

  /** A JVM with much memory has a heap so large that references take twice as many bytes. */
  private static final List<String> SMALL_HEAP = List.of("-Xmx512m");

  /** Enables and disables devices at random, and prints the bytes that a commit allocates. */
  static final class Program {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int DEVICES = 10_000;
    private static final int COMMITS = 1_000;

    /** Compiled code allocates less than interpreted code, and is awaited if that allocates too much. */
    private static final int ROUNDS = 40;

    private Program() {}

    public static void main(String[] arguments) {
      MmioHandler handler = new Registers();
      MemoryRegion[] devices = new MemoryRegion[DEVICES];
      try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
          DispatchMemory memory = DispatchMemory.create(policy)) {
        MemoryRegion.Container system = memory.container("system", Size.FULL);
        memory.addressSpace("memory", system);
        memory.update(tx -> {
          for (int i = 0; i < DEVICES; i++) {
            devices[i] = memory.mmio("device" + i, Size.kib(4), handler);
            tx.addSubregion(system, 0x100_0000_0000L + i * 0x2000L, devices[i]);
          }
        });
        System.out.println(leastOfACommit(memory, devices));
      }
    }

    private static long leastOfACommit(DispatchMemory memory, MemoryRegion[] devices) {
      SplittableRandom random = new SplittableRandom(1);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS && least > MOST_BYTES; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < COMMITS; i++) {
          MemoryRegion device = devices[random.nextInt(DEVICES)];
          memory.update(tx -> tx.setEnabled(device, !device.isEnabled()));
        }
        least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / COMMITS);
      }
      return least;
    }
  }

  @Test
  void togglingOneOfTenThousandDevicesAllocatesAtMostFourKibibytes() {
    long bytes = Long.parseLong(ChildJvm.linesOf(Program.class, SMALL_HEAP).toList().getLast());
    assertTrue(bytes <= MOST_BYTES, () -> bytes + " bytes a commit");
  }
}
