package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cached range is always that of the generation that its section sees. */
class RegionCacheTest extends OnAMachine {

  private final MemoryRegionCache cache = reader.cache(space, 0x1000, 0x1000);

  private void assertCached(long expected, long offset, int size) {
    assertEquals(Long.toHexString(expected), Long.toHexString(cache.load(offset, size)));
    assertEquals(MemTxResult.OK, cache.lastResult());
  }

  @Test
  void everySizeIsLoadedAndStored() {
    place(0x1000, ram("ram", 0x1000));
    assertEquals(MemTxResult.OK, cache.store(0, 8, 0x8877_6655_4433_2211L));
    for (int size = 1; size <= 8; size *= 2) {
      assertCached(0x8877_6655_4433_2211L & -1L >>> 64 - 8 * size, 0, size);
      assertEquals(MemTxResult.OK, cache.store(0x1000 - size, size, -1));
      assertCached(-1L >>> 64 - 8 * size, 0x1000 - size, size);
    }
    assertLoads(-1, 0x1ff8, 8);
  }

  @Test
  void anAccessOutsideTheRangeIsAClearErrorAndTouchesNothing() {
    place(0, ram("ram", 0x10000));
    assertRefused(IndexOutOfBoundsException.class, () -> cache.load(0xffd, 4), "4 bytes", "0000000000000ffd",
        "0000000000001000-0000000000001fff", "'memory'");
    assertRefused(IndexOutOfBoundsException.class, () -> cache.store(-1, 1, 1), "ffffffffffffffff");
    assertRefused(IllegalArgumentException.class, () -> cache.load(0, 3), "3 bytes");
    assertRefused(IllegalArgumentException.class, () -> reader.cache(space, 0, 0), "'memory'", "0 bytes");
  }

  @Test
  void aRangeThatPassesTheLastAddressGoesOnAtTheFirst() {
    MemoryRegion low = ram("low", 0x1000);
    MemoryRegion.Container root = memory.container("root", Size.kib(64));
    memory.update(tx -> tx.addSubregion(root, 0, low).addSubregion(root, 0xf000, alias("top", low, 0, 0x1000))
        .addSubregion(system, -0x1000, alias("last", low, 0, 0x1000)).addSubregion(system, 0, alias("all", low, 0, 8)));
    AddressSpace narrow =
        memory.addressSpace("narrow", root, AddressSpaceOptions.DEFAULT.withAddressBits(Short.SIZE));
    for (AddressSpace each : List.of(space, narrow)) {
      MemoryRegionCache across = reader.cache(each, -4, 8);
      assertEquals(MemTxResult.OK, across.store(0, 8, 0x8877_6655_4433_2211L));
      assertEquals(0x8877_6655L, reader.load(each, 0, 4));
      assertEquals(0x6655_4433L, across.load(2, 4));
      assertRefused(IndexOutOfBoundsException.class, () -> across.load(5, 4),
          AddressRange.hex(-4), AddressRange.hex(3), "'" + each.name() + "'");
      assertRefused(IndexOutOfBoundsException.class, () -> across.store(-1, 1, 0), "'" + each.name() + "'");
    }
  }

  @Test
  void theMapMovesOnBetweenSectionsAndNotInside() {
    MemoryRegion first = ram("first", 0x1000);
    MemoryRegion second = ram("second", 0x1000);
    place(0x1000, first);
    cache.store(0, 4, 1);
    try (ReadSection _ = reader.enter()) {
      assertCached(1, 0, 4);
      memory.update(tx -> {
        tx.delSubregion(first).addSubregion(system, 0x1000, second);
        first.close();
      });
      policy.runGracePeriod();
      assertCached(1, 0, 4);
      cache.store(0, 4, 7);
    }
    policy.runGracePeriod();
    assertCached(0, 0, 4);
    remove(second);
    assertEquals(0, cache.load(0, 4));
    assertEquals(MemTxResult.DECODE_ERROR, cache.lastResult());
    assertEquals(MemTxResult.DECODE_ERROR, cache.store(0, 4, 1));
  }

  @Test
  void aCacheKeepsNothingAlive() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0x1000, ram);
    cache.store(0, 4, 1);
    remove(ram);
    ram.close();
    policy.runGracePeriod();
    assertTrue(ram.released().toCompletableFuture().isDone());
  }

  @Test
  void aDeviceIsAskedEachTime() {
    Registers registers = new Registers().reading(5);
    place(0x1000, memory.mmio("device", Size.kib(4), registers));
    assertCached(5, 8, 4);
    assertEquals(MemTxResult.OK, cache.store(0, 2, 6));
    assertEquals(List.of("read 4 @8", "write 2 @0 = 6"), registers.asked);
  }

  @Test
  void aRangeOfSeveralKindsIsEachAsItIs() {
    Registers registers = new Registers().reading(0x5555);
    memory.update(tx -> tx.addSubregion(system, 0x1000, ram("ram", 0x800))
        .addSubregion(system, 0x1800, memory.mmio("device", Size.bytes(0x400), registers))
        .addSubregion(system, 0x1c00, rom("rom", 0x400)));
    cache.store(0x7ff, 1, 0x11);
    assertCached(0x5511, 0x7ff, 2);
    assertCached(0, 0xc00, 8);
    assertEquals(MemTxResult.DECODE_ERROR, cache.store(0xc00, 8, 1));
  }

  @Test
  void readOnlyMemoryIsReadAndNotWritten() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0x1000, ram);
    cache.store(0, 1, 1);
    memory.update(tx -> tx.setReadOnly(ram, true));
    assertCached(1, 0, 1);
    assertEquals(MemTxResult.DECODE_ERROR, cache.store(0, 1, 2));
  }

  @Test
  void aStoreThroughACacheIsLogged() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0x1000, ram);
    cache.store(0, 1, 1);
    DirtyClient client = memory.dirtyClient("client");
    memory.update(tx -> tx.startLog(ram, client));
    assertTrue(client.snapshotAndClear(ram).isEmpty());
    cache.store(0, 1, 2);
    assertFalse(client.snapshotAndClear(ram).isEmpty());
  }

  @Test
  void anIommuIsAskedEachTimeForItsAnswerMayChangeInOneGeneration() {
    place(0x1000, ram("ram", 0x2000));
    assertStores(0x1000, 1, 1);
    assertStores(0x2000, 1, 2);
    long[] target = {0x1000};
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL,
        (_, _, _, _, entry) -> entry.grant(space, target[0], 0xfff, true, true)));
    MemoryRegionCache behind = reader.cache(dma, 0, 0x1000);
    assertEquals(1, behind.load(0, 1));
    target[0] = 0x2000;
    assertEquals(2, behind.load(0, 1));
  }

  @Test
  void accessesHaveTheAttributesOfTheCache() {
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT.withFilter((_, _, _, attributes) -> attributes.secure()));
    place(0x8000, memory.mmio("device", Size.bytes(16), device));
    MemoryRegionCache secure = reader.cache(space, 0x8000, 16, MemTxAttrs.UNSPECIFIED.asSecure());
    MemoryRegionCache unspecified = reader.cache(space, 0x8000, 16);
    assertEquals(0x10, secure.load(0, 1));
    assertEquals(MemTxResult.OK, secure.lastResult());
    assertEquals(MemTxResult.OK, secure.store(1, 1, 5));
    assertEquals(5, secure.load(1, 1));
    assertEquals(0, unspecified.load(0, 1));
    assertEquals(MemTxResult.DECODE_ERROR, unspecified.lastResult());
    assertEquals(MemTxResult.DECODE_ERROR, unspecified.store(1, 1, 6));
    assertEquals(List.of("r1@0", "w1@1/ff", "r1@1"), device.asked);
    assertRefused(NullPointerException.class, () -> reader.cache(space, 0, 1, null), "attributes");
  }
}
