package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.MapResult;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fetch is an access of its own: regions may refuse it, and taps see it for what it is. */
class FetchTest extends OnAMachine {

  private long fetch(long address, int size) {
    return reader.fetch(space, address, size);
  }

  private void assertFetches(long expected, long address, int size) {
    assertEquals(Long.toHexString(expected), Long.toHexString(fetch(address, size)));
    assertEquals(MemTxResult.OK, reader.lastResult());
  }

  private void assertRefused(long address, int size) {
    assertEquals(0, fetch(address, size));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void aFetchReadsMemoryInEitherOrderInAndOutsideSections() {
    place(0, ram("ram", 0x1000));
    assertStores(0x10, 4, 0x1122_3344);
    assertFetches(0x1122_3344, 0x10, 4);
    try (ReadSection _ = reader.enter()) {
      assertFetches(0x1122, 0x12, 2);
      assertEquals(0x4433_2211L, reader.fetch(space, 0x10, 4, ByteOrder.BIG_ENDIAN, MemTxAttrs.UNSPECIFIED));
    }
    assertRefused(0x1000, 4);
  }

  @Test
  void aRegionMayRefuseFetchesAndServesLoadsAndStoresAllTheSame() {
    MemoryRegion.Ram ram = ram("data", 0x1000);
    place(0, ram);
    memory.update(tx -> tx.setNoFetch(ram, true));
    assertTrue(ram.isNoFetch());
    assertStores(0, 4, 7);
    assertLoads(7, 0, 4);
    assertRefused(0, 4);
    assertFalse(reader.isAccessible(space, 0, 4, Access.FETCH, MemTxAttrs.UNSPECIFIED));
    assertTrue(reader.isAccessible(space, 0, 4, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertInstanceOf(MapResult.Failed.class, space.map(0, 4, Access.FETCH));
    try (ReadSection _ = reader.enter()) {
      assertNull(reader.translate(space, 0, 4, Access.FETCH).memory());
      assertNotNull(reader.translate(space, 0, 4, Access.READ).memory());
    }
    memory.update(tx -> tx.setNoFetch(ram, false));
    assertFetches(7, 0, 4);
  }

  @Test
  void aRefusalIsInheritedThroughContainersAndAliasesAndViewRoots() {
    MemoryRegion.Container bus = container("bus", 0x4000);
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(bus, 0, ram);
    place(0x1_0000, bus);
    place(0x2_0000, alias("mirror", ram, 0, 0x1000));
    AddressSpace harvard = memory.addressSpace("data bus", bus);
    memory.update(tx -> tx.setNoFetch(bus, true));
    assertRefused(0x1_0000, 4);
    assertFetches(0, 0x2_0000, 4);
    reader.fetch(harvard, 0, 4);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertTrue(space.flatView().sections().getFirst().attributes().noFetch());
    assertEquals(List.of(), memory.compareWithRebuild());
    memory.update(tx -> tx.setNoFetch(bus, false));
    assertFetches(0, 0x1_0000, 4);
  }

  @Test
  void aFetchAcrossTheEdgeOfARefusalFetchesWhatItMay() {
    MemoryRegion.Ram data = ram("data", 0x1000);
    place(0, ram("code", 0x1000));
    place(0x1000, data);
    memory.update(tx -> tx.setNoFetch(data, true));
    assertStores(0xffe, 4, 0x4433_2211);
    assertEquals(0x2211, fetch(0xffe, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void aDeviceIsAskedLikeForALoadAndItsFilterSeesTheFetch() {
    List<Access> seen = new ArrayList<>();
    RuledDevice device = new RuledDevice(MmioRules.DEFAULT.withFilter((_, _, access, _) -> {
      seen.add(access);
      return access != Access.FETCH;
    }));
    place(0, memory.mmio("device", Size.bytes(16), device));
    assertRefused(0, 4);
    load(0, 4);
    assertEquals(List.of(Access.FETCH, Access.READ), seen);
    assertEquals(List.of("r4@0"), device.asked);
  }

  @Test
  void anIommuMustGrantFetches() {
    place(0x1000, ram("ram", 0x1000));
    AddressSpace behind = memory.addressSpace("behind", memory.iommu("iommu", Size.FULL, (_, _, _, _, entry) ->
        entry.grant(space, 0x1000, 0xfff, Access.READ.bit() | Access.WRITE.bit())));
    reader.load(behind, 0, 4);
    assertEquals(MemTxResult.OK, reader.lastResult());
    reader.fetch(behind, 0, 4);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void anIommuRegionAndAnAliasOfItRefuseFetchesToo() {
    place(0x1000, ram("ram", 0x1000));
    InvalidationSequence changes = new InvalidationSequence();
    MemoryRegion.Iommu iommu = memory.iommu("iommu", Size.FULL, (_, _, _, _, entry) -> {
      entry.grant(space, 0x1000, 0xfff, true, true);
      entry.reusableWhile(changes, changes.current());
    });
    AddressSpace behind = memory.addressSpace("behind", iommu);
    AddressSpace shown = memory.addressSpace("shown", alias("window", iommu, 0, 0x1000));
    for (MemoryRegion refusing : List.of(iommu, shown.root())) {
      memory.update(tx -> tx.setNoFetch(refusing, true));
      assertFetchIsRefused(refusing == iommu ? behind : shown);
      memory.update(tx -> tx.setNoFetch(refusing, false));
      reader.fetch(behind, 0, 4);
      assertEquals(MemTxResult.OK, reader.lastResult());
    }
  }

  private void assertFetchIsRefused(AddressSpace behind) {
    for (int i = 0; i < 2; i++) {
      reader.load(behind, 0, 4);
      assertEquals(MemTxResult.OK, reader.lastResult());
      reader.fetch(behind, 0, 4);
      assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    }
    assertFalse(reader.isAccessible(behind, 0, 4, Access.FETCH, MemTxAttrs.UNSPECIFIED));
    assertInstanceOf(MapResult.Failed.class, behind.map(0, 4, Access.FETCH));
  }

  @Test
  void aBreakpointStopsTheFetchAndLetsLoadsAndStoresPassAtFullSpeed() {
    MemoryRegion.Ram ram = ram("ram", 0x2000);
    place(0, ram);
    List<Long> hits = new ArrayList<>();
    try (TapRegistration _ = memory.watch(space, TapFilter.fetches(new AddressRange(0x100, 0x103)),
        access -> hits.add(access.address()))) {
      assertEquals(0, fetch(0x100, 4));
      assertEquals(MemTxResult.STOPPED, reader.lastResult());
      assertFetches(0, 0x104, 4);
      assertStores(0x100, 4, 5);
      assertLoads(5, 0x100, 4);
      try (ReadSection _ = reader.enter()) {
        assertNotNull(reader.translate(space, 0x100, 4, Access.READ).memory());
        assertNotNull(reader.translate(space, 0x100, 4, Access.WRITE).memory());
        assertNull(reader.translate(space, 0x100, 4, Access.FETCH).memory());
        assertNotNull(reader.translate(space, 0x1000, 4, Access.FETCH).memory());
      }
    }
    assertFetches(5, 0x100, 4);
    assertEquals(List.of(0x100L), hits);
  }

  @Test
  void aTapOnStoresLeavesLoadsAndFetchesOfThePageAtFullSpeed() {
    MemoryRegion.Ram ram = ram("ram", 0x2000);
    place(0, ram);
    memory.tap(ram, TapFilter.stores(new AddressRange(0, 7)), _ -> {});
    try (ReadSection _ = reader.enter()) {
      assertNotNull(reader.translate(space, 0, 4, Access.READ).memory());
      assertNotNull(reader.translate(space, 0, 4, Access.FETCH).memory());
      assertNull(reader.translate(space, 0, 4, Access.WRITE).memory());
    }
  }

  @Test
  void tapsTellLoadsFromFetches() {
    place(0, ram("ram", 0x1000));
    List<String> seen = new ArrayList<>();
    AddressRange all = new AddressRange(0, 0xfff);
    memory.tap(space, TapFilter.fetches(all), access -> seen.add("fetches: " + access.access()));
    memory.tap(space, TapFilter.loads(all), access -> seen.add("loads: " + access.access()));
    memory.tap(space, TapFilter.of(all), access -> seen.add("all: " + access.access()));
    fetch(0, 4);
    load(0, 4);
    reader.read(space, 0, MemorySegment.ofArray(new byte[8]), MemTxAttrs.UNSPECIFIED);
    assertEquals(List.of("fetches: FETCH", "all: FETCH", "loads: READ", "all: READ", "loads: READ", "all: READ"), seen);
  }

  @Test
  void fetchesFromBanksSeeTheSelection() {
    MemoryRegion.Ram code = ram("code", 0x1000);
    MemoryRegion.Ram data = ram("data", 0x1000);
    MemoryRegion.Bank bank = memory.bank("bank", Size.kib(4), 2);
    memory.update(tx -> tx.setNoFetch(data, true).setVariant(bank, 0, code).setVariant(bank, 1, data)
        .addSubregion(system, 0, bank));
    bank.select(0);
    assertFetches(0, 0, 4);
    bank.select(1);
    assertRefused(0, 4);
  }
}
