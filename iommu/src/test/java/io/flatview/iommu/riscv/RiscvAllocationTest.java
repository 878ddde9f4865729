package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.rcu.ReadSection;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Translating makes no garbage: neither by the reader's own answers, nor by the IOTLB, nor by a walk of two stages. */
class RiscvAllocationTest extends OnAnIommu {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 30;
  private static final int OPERATIONS = 1_000;
  private static final long IOVA = 0x8000_0000L;
  private static final int PAGES = 64;

  private AddressSpace dma;
  private long sum;

  @BeforeEach
  void mapTwoStages() {
    long secondRoot = frames(4);
    map(PagingMode.SV39, true, secondRoot, 0, 0, 2, LEAF);
    long root = frames(1);
    for (int page = 0; page < PAGES; page++) {
      map(PagingMode.SV39, false, root, IOVA + page * 0x1000L, 0x80_0000 + page * 0x1000L, 0, LEAF);
    }
    context(DeviceContext.VALID, SV39 | 5L << 44 | secondRoot >>> 12, 7 << 12, SV39 | root >>> 12);
    dma = bus();
  }

  /** Repeats until a round allocates nothing; what a compiler or an interpreter allocates stops with warming up. */
  private void assertAllocatesNothing(Runnable operation) {
    long least = Long.MAX_VALUE;
    try (ReadSection _ = reader.enter()) {
      for (int round = 0; round < ROUNDS && least > 0; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < OPERATIONS; i++) {
          operation.run();
        }
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertEquals(0, least, "bytes in " + OPERATIONS + " operations, in the best of " + ROUNDS + " rounds");
    assertTrue(sum != 0);
    assertNoFault();
  }

  private void translate(int page) {
    sum += reader.translate(dma, IOVA + page * 0x1000L, 8, Access.READ).address();
  }

  @Test
  void anAnswerThatIsUsedAgain() {
    assertAllocatesNothing(() -> translate(1));
  }

  @Test
  void hitsOfTheIotlb() {
    assertAllocatesNothing(() -> {
      iommu.iotlb().invalidateDomain(-1);
      translate(2);
      translate(2 + (int) (sum >>> 12 & PAGES / 2 - 1));
    });
  }

  @Test
  void walksOfBothStages() {
    assertAllocatesNothing(() -> {
      iommu.iotlb().invalidateAll();
      translate(3);
    });
  }

  @Test
  void walksOfTheDirectoryToo() {
    Runnable walk = () -> {
      iommu.directory().forget();
      iommu.iotlb().invalidateAll();
      translate(4);
    };
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (ReadSection _ = reader.enter()) {
      walk.run();
    }
    assertTrue(THREADS.getCurrentThreadAllocatedBytes() > before, "a context is an object, so the measurement sees it");
  }
}
