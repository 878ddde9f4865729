package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.MmioRules.SmallWrites;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The read side allocates nothing. */
class ZeroAllocationTest extends OnAMachine {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int OPERATIONS = 5_000;
  private static final int ROUNDS = 40;

  private static final MmioHandler QUIET = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return offset;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  private AddressSpace dma;
  private long sum;

  @BeforeEach
  void aMapWithSomethingOfEverything() {
    memory.update(tx -> tx
        .addSubregion(system, 0x0000, ram("ram", 0x3000))
        .addSubregion(system, 0x3000, ram("next ram", 0x1000))
        .addSubregion(system, 0x8010, memory.mmio("device", Size.bytes(0x100), QUIET))
        .addSubregion(system, 0x9000, memory.reserved("reserved", Size.kib(4))));
    MemoryRegion inner = memory.iommu("inner", Size.FULL,
        (address, _, _, _, entry) -> entry.grant(space, address & ~0xfffL, 0xfff, true, true));
    AddressSpace middle = memory.addressSpace("middle", inner);
    MemoryRegion outer = memory.iommu("outer", Size.FULL,
        (address, _, _, _, entry) -> entry.grant(middle, address & ~0xffffL, 0xffff, true, true));
    dma = memory.addressSpace("dma", outer);
  }

  /** Repeats until a round allocates nothing; what a compiler or an interpreter allocates stops with warming up. */
  private void assertAllocatesNothing(Runnable operation) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < OPERATIONS; i++) {
        operation.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes in " + OPERATIONS + " operations, in the best of " + ROUNDS + " rounds");
  }

  @Test
  void theMeasurementSeesOneObjectInEveryOperation() {
    Object[] sink = new Object[1];
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < OPERATIONS; i++) {
      sink[0] = new Object[1];
    }
    assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before >= 8L * OPERATIONS);
  }

  @Test
  void enteringAndLeavingAllocateNothing() {
    assertAllocatesNothing(() -> {
      try (ReadSection _ = reader.enter()) {
        sum += reader.generation();
      }
    });
  }

  @Test
  void nestedSectionsAllocateNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        try (ReadSection _ = reader.enter()) {
          sum += reader.generation();
        }
      });
    }
  }

  @Test
  void tellingOfOwnWritesAllocatesNothing() {
    MemoryRegion.Ram logged = ram("logged", 0x10_0000);
    memory.update(tx -> tx.addSubregion(system, 0x100_0000, logged).startLog(logged, memory.dirtyClient("client")));
    assertAllocatesNothing(() -> {
      try (ReadSection _ = reader.enter()) {
        for (long at = 0; at < 0x10_0000; at += 0x1000) {
          sum += reader.translate(space, 0x100_0000 + at, 8, Access.WRITE).loggedMemory().byteSize();
          reader.wrote(space, 0x100_0000 + at, 8);
        }
      }
    });
  }

  @Test
  void cutAndTappedAccessesAndFetchesAllocateNothing() {
    MemoryRegion.Ram tapped = ram("tapped", 0x10_0000);
    memory.update(tx -> tx.addSubregion(system, 0x200_0000, tapped));
    for (int i = 0; i < 100; i++) {
      memory.tap(tapped, TapFilter.of(new AddressRange(0x10L * i, 0x10L * i + 7)), access -> sum += access.value());
    }
    memory.watch(tapped, TapFilter.stores(new AddressRange(0x20, 0x27)), access -> access.value() == 1);
    memory.watch(space, TapFilter.fetches(new AddressRange(0x200_0030, 0x200_0037)), access -> access.size() == 4);
    assertAllocatesNothing(() -> {
      sum += reader.load(space, 0x200_0006, 8);
      reader.store(space, 0x200_0020, 8, sum & 1);
      sum += reader.fetch(space, 0x200_0030, 4);
      sum += reader.fetch(space, 0x200_0ffe, 4);
      sum += reader.load(space, 0x200_0000 - 2, 4);
      sum += reader.load(space, 0x200_0000 + 0x10_0000 - 2, 4);
    });
  }

  @Test
  void translatingAllocatesNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        sum += reader.translate(space, 0x1000, 8, Access.READ).length();
        sum += reader.translate(space, 0x8020, 8, Access.WRITE).offset();
        sum += reader.translate(space, 0xffff_0000_0000L, 8, Access.READ).address();
        sum += reader.translate(space, 0x1000, 8, Access.READ).section().range().last();
      });
    }
  }

  @Test
  void translatingThroughIommusAllocatesNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> sum += reader.translate(dma, 0x1000, 8, Access.READ).length());
    }
  }

  @Test
  void answersThatAreUsedAgainAllocateNothing() {
    InvalidationSequence changes = new InvalidationSequence();
    MemoryRegion iommu = memory.iommu("caching", Size.FULL, (address, _, _, _, entry) -> {
      entry.grant(space, address & ~0xfffL, 0xfff, true, true);
      entry.reusableWhile(changes, changes.current());
    });
    AddressSpace cached = memory.addressSpace("cached", iommu);
    assertAllocatesNothing(() -> {
      sum += reader.load(cached, 0x1000, 8) + reader.load(cached, 0x1008, 8) + reader.load(cached, 0x2000, 8);
      changes.advance();
    });
  }

  @Test
  void accessingMemoryAllocatesNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        reader.store(space, 0x1003, 8, sum);
        reader.store(space, 0x1003, 4, sum);
        reader.store(space, 0x1003, 2, sum);
        reader.store(space, 0x1003, 1, sum);
        sum += reader.load(space, 0x1000, 8) + reader.load(space, 0x1001, 4) + reader.load(space, 0x1001, 2)
            + reader.load(space, 0x1001, 1);
      });
    }
  }

  @Test
  void accessesThatAreSplitAllocateNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        reader.store(space, 0x2ffd, 8, sum);
        sum += reader.load(space, 0x2ffd, 8);
      });
    }
  }

  @Test
  void accessingDevicesAllocatesNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        reader.store(space, 0x8020, 4, sum);
        sum += reader.load(space, 0x8020, 4);
      });
    }
  }

  @Test
  void accessesWithAttributesAllocateNothing() {
    MemTxAttrs attributes = MemTxAttrs.ofRequester(0x10).asSecure();
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        sum += reader.store(space, 0x1001, 4, sum, ByteOrder.BIG_ENDIAN, attributes).isOk() ? 1 : 0;
        sum += reader.store(space, 0x8020, 4, sum, ByteOrder.BIG_ENDIAN, attributes).isOk() ? 1 : 0;
        sum += reader.load(space, 0x1001, 4, ByteOrder.BIG_ENDIAN, attributes);
        sum += reader.load(space, 0x8020, 4, ByteOrder.LITTLE_ENDIAN, attributes);
        sum += reader.translate(dma, 0x1000, 8, Access.WRITE, attributes).length();
      });
    }
  }

  @Test
  void transfersAllocateNothing() {
    try (Arena arena = Arena.ofConfined(); ReadSection _ = reader.enter()) {
      MemorySegment buffer = arena.allocate(64);
      assertAllocatesNothing(() -> {
        sum += reader.write(space, 0x2fe0, buffer, MemTxAttrs.UNSPECIFIED).isOk() ? 1 : 0;
        sum += reader.read(space, 0x8011, buffer, MemTxAttrs.UNSPECIFIED).isOk() ? 1 : 0;
        sum += reader.peek(space, 0x2fe0, buffer).isOk() ? 1 : 0;
        sum += reader.poke(space, 0x2fe0, buffer).isOk() ? 1 : 0;
        sum += reader.isAccessible(space, 0x2fe0, 64, Access.READ, MemTxAttrs.UNSPECIFIED) ? 1 : 0;
      });
    }
  }

  @Test
  void atomicOperationsAllocateNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        sum += reader.compareAndExchange(space, 0x1008, 8, sum, 7);
        sum += reader.fetchAndOp(space, 0x1010, 4, AtomicOp.ADD, 3);
        sum += reader.fetchAndOp(dma, 0x1018, 2, AtomicOp.XOR, 3);
        sum += reader.fetchAndOp(space, 0x8020, 4, AtomicOp.SWAP, 3);
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void devicesWithRulesAllocateNothing(SmallWrites smallWrites) {
    MmioRules rules = MmioRules.DEFAULT.withImplemented(new AccessSizes(4, 4, false)).withOrder(ByteOrder.BIG_ENDIAN)
        .withSmallWrites(smallWrites);
    memory.update(tx -> tx.addSubregion(system, 0xa000, memory.mmio("ruled", Size.bytes(0x100), ruled(rules))));
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        for (int size = 1; size <= 8; size *= 2) {
          reader.store(space, 0xa021, size, sum);
          sum += reader.load(space, 0xa021, size);
        }
      });
    }
  }

  private static MmioHandler ruled(MmioRules rules) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return offset;
      }

      @Override
      public void write(long offset, int size, long value) {}

      @Override
      public MmioRules rules() {
        return rules;
      }
    };
  }

  @Test
  void refusedAccessesAllocateNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        sum += reader.store(space, 0x9000, 4, sum).isOk() ? 1 : 0;
        sum += reader.load(space, 0xdead_0000L, 4);
        sum += reader.lastResult().isOk() ? 1 : 0;
      });
    }
  }

  @Test
  void accessingThroughIommusAllocatesNothing() {
    try (ReadSection _ = reader.enter()) {
      assertAllocatesNothing(() -> {
        reader.store(dma, 0x1000, 8, sum);
        sum += reader.load(dma, 0x1000, 8);
      });
    }
  }

  @Test
  void accessesInSectionsOfTheirOwnAllocateNothing() {
    assertAllocatesNothing(() -> {
      reader.store(space, 0x1000, 8, sum);
      sum += reader.load(space, 0x1000, 8);
    });
  }

  @Test
  void theImplicitReaderAllocatesNothing() {
    assertAllocatesNothing(() -> {
      try (ReadSection _ = memory.reader().enter()) {
        sum += memory.reader().load(space, 0x1000, 8);
      }
    });
  }

  @Test
  void aCachedRangeAllocatesNothingOnAnyWay() {
    MemoryRegionCache memoryRange = reader.cache(space, 0x1000, 0x1000);
    MemoryRegionCache deviceRange = reader.cache(space, 0x8010, 0x100);
    MemoryRegionCache translated = reader.cache(dma, 0x1000, 0x1000);
    assertAllocatesNothing(() -> {
      memoryRange.store(8, 8, memoryRange.load(16, 8) + 1);
      deviceRange.store(8, 4, deviceRange.load(16, 4));
      translated.store(8, 2, translated.load(16, 2));
      try (ReadSection _ = reader.enter()) {
        sum += memoryRange.load(24, 1);
      }
    });
  }

  @Test
  void selectionsAndLoadsThroughBanks() {
    MemoryRegion.Bank outer = memory.bank("outer", Size.kib(8), 2);
    MemoryRegion.Bank inner = memory.bank("inner", Size.kib(4), memory.rom("rom", Size.kib(64)));
    memory.update(tx -> tx.setVariant(outer, 0, inner).setVariant(outer, 1, ram("other", 0x1800))
        .addSubregion(system, 0x2_0000, outer));
    int[] next = {0};
    assertAllocatesNothing(() -> {
      int i = next[0]++;
      outer.select(i & 1);
      inner.select(i & 15);
      try (ReadSection _ = reader.enter()) {
        sum += reader.load(space, 0x2_0010, 4);
        inner.select(i >>> 1 & 15);
        sum += reader.load(space, 0x2_0ffc, 8) + reader.load(space, 0x2_0ffd, 8) + reader.load(space, 0x2_1ffd, 8);
        sum += reader.translate(space, 0x2_0020, 4, Access.READ).selection() == null ? 0 : 1;
      }
    });
  }
}
