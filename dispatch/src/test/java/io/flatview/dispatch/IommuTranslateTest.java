package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Translation through any number of IOMMUs. */
class IommuTranslateTest extends OnAMachine {

  /** An address space that is one IOMMU. */
  private AddressSpace behind(String name, IommuTranslator translator) {
    return memory.addressSpace(name, memory.iommu(name, Size.FULL, translator));
  }

  /** Maps everything to the target at a distance, in blocks. */
  private static IommuTranslator shifting(AddressSpace target, long distance, long mask) {
    return (address, _, _, _, entry) -> entry.grant(target, (address & ~mask) + distance, mask, true, true);
  }

  private Translation translate(AddressSpace from, long address, long length, Access access) {
    return reader.translate(from, address, length, access);
  }

  @Test
  void anIommuLeadsIntoTheTargetSpace() {
    place(0x1_0000, ram("ram", 0x4000));
    AddressSpace dma = behind("dma", shifting(space, 0x1_0000, 0xfff));
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(dma, 0x1234, 4, Access.READ);
      assertTrue(t.isAssigned());
      assertSame(space, t.addressSpace());
      assertEquals(0x1_1234, t.address());
      assertEquals(0x1234, t.offset());
      assertEquals("ram", t.section().region().name());
      assertEquals(Translation.Fault.NONE, t.fault());
    }
  }

  @Test
  void bitsUnderTheMaskComeFromTheAddress() {
    place(0, ram("ram", 0x10_0000));
    AddressSpace dma = behind("dma", (_, _, _, _, entry) -> entry.grant(space, 0x4_5678, 0xfff, true, true));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x4_5abc, translate(dma, 0x9abc, 1, Access.READ).address());
    }
  }

  @Test
  void aBlockNarrowsTheLength() {
    place(0, ram("ram", 0x10_0000));
    AddressSpace dma = behind("dma", shifting(space, 0, 0xfff));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x1000, translate(dma, 0x1000, 0x8000, Access.READ).length());
      assertEquals(1, translate(dma, 0x1fff, 0x8000, Access.READ).length());
      assertEquals(8, translate(dma, 0x1000, 8, Access.READ).length());
    }
  }

  @Test
  void aBlockNarrowsTheLengthEvenToADevice() {
    place(0, mmio("device", 0x10_0000));
    AddressSpace dma = behind("dma", shifting(space, 0, 0xfff));
    try (ReadSection _ = reader.enter()) {
      assertEquals(2, translate(dma, 0x1ffe, 4, Access.READ).length());
    }
  }

  @Test
  void aBlockOf2To64DoesNotNarrow() {
    place(0, memory.mmio("all", Size.FULL, new Registers()));
    AddressSpace dma = behind("dma", shifting(space, 0, -1));
    try (ReadSection _ = reader.enter()) {
      assertEquals(-1, translate(dma, 0, -1, Access.READ).length());
    }
  }

  @Test
  void theSmallestBlockOfTwoHopsNarrowsTheLength() {
    place(0, ram("ram", 0x10_0000));
    AddressSpace inner = behind("inner", shifting(space, 0x1_0000, 0xff));
    AddressSpace outer = behind("outer", shifting(inner, 0x2_0000, 0xfff));
    AddressSpace reversed = behind("reversed", shifting(behind("wide", shifting(space, 0, 0xffff)), 0, 0xff));
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(outer, 0x1080, 0x1000, Access.READ);
      assertEquals(0x3_1080, t.address());
      assertEquals(0x80, t.length());
      assertSame(space, t.addressSpace());
      assertEquals(0x80, translate(reversed, 0x1080, 0x1000, Access.READ).length());
    }
  }

  @Test
  void theIommusSectionNarrowsTheLength() {
    place(0, ram("ram", 0x10_0000));
    MemoryRegion.Container bus = container("bus", 0x10000);
    MemoryRegion iommu = memory.iommu("iommu", Size.bytes(0x1800), shifting(space, 0, 0xffff));
    memory.update(tx -> tx.addSubregion(bus, 0, iommu).addSubregion(bus, 0x1800, mmio("beside", 0x100)));
    AddressSpace dma = memory.addressSpace("dma", bus);
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x800, translate(dma, 0x1000, 0x1000, Access.READ).length());
    }
  }

  @Test
  void theTranslatorGetsTheOffsetInItsRegion() {
    List<Long> asked = new ArrayList<>();
    MemoryRegion.Container bus = container("bus", 0x10000);
    MemoryRegion iommu = memory.iommu("iommu", Size.kib(16), (address, _, index, _, entry) -> {
      asked.add(address);
      assertEquals(0, index);
      entry.grant(space, 0, 0xfff, true, true);
    });
    place(bus, 0x4000, alias("window", iommu, 0x1000, 0x2000));
    place(0, ram("ram", 0x1000));
    AddressSpace dma = memory.addressSpace("dma", bus);
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x234, translate(dma, 0x4234, 1, Access.READ).address());
    }
    assertEquals(List.of(0x1234L), asked);
  }

  // Permissions

  private AddressSpace readOnlyBehind() {
    place(0, ram("ram", 0x1000));
    return behind("dma", (_, _, _, _, entry) -> entry.grant(space, 0, 0xfff, true, false));
  }

  @Test
  void aRefusedPermissionLeadsToTheUnassignedSection() {
    AddressSpace dma = readOnlyBehind();
    try (ReadSection _ = reader.enter()) {
      assertTrue(translate(dma, 0, 4, Access.READ).isAssigned());
      Translation t = translate(dma, 0x10, 4, Access.WRITE);
      assertFalse(t.isAssigned());
      assertEquals("unassigned", t.section().region().name());
      assertEquals(Translation.Fault.PERMISSION, t.fault());
      assertTrue(t.length() >= 1);
    }
  }

  @Test
  void aRefusedStoreIsADecodeErrorAndChangesNothing() {
    AddressSpace dma = readOnlyBehind();
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(dma, 0, 4, 0x1234));
    assertEquals(0, reader.load(dma, 0, 4));
    assertEquals(MemTxResult.OK, reader.lastResult());
  }

  @Test
  void anEntryLeftAloneGrantsNothing() {
    AddressSpace dma = behind("dma", (_, _, _, _, _) -> {});
    try (ReadSection _ = reader.enter()) {
      assertEquals(Translation.Fault.PERMISSION, translate(dma, 0, 1, Access.READ).fault());
    }
  }

  @Test
  void aGrantDoesNotReachIntoTheNextTranslation() {
    place(0, ram("ram", 0x1000));
    AddressSpace dma = behind("dma", (address, _, _, _, entry) -> {
      if (address < 0x1000) {
        entry.grant(space, 0, 0xfff, true, true);
      }
    });
    try (ReadSection _ = reader.enter()) {
      assertTrue(translate(dma, 0, 1, Access.READ).isAssigned());
      assertFalse(translate(dma, 0x1000, 1, Access.READ).isAssigned());
    }
  }

  @Test
  void theSecondHopMayRefuseWhatTheFirstGranted() {
    AddressSpace inner = readOnlyBehind();
    AddressSpace outer = behind("outer", shifting(inner, 0, 0xfff));
    try (ReadSection _ = reader.enter()) {
      assertTrue(translate(outer, 0, 1, Access.READ).isAssigned());
      Translation t = translate(outer, 0, 1, Access.WRITE);
      assertEquals(Translation.Fault.PERMISSION, t.fault());
      assertSame(inner, t.addressSpace());
    }
  }

  @Test
  void aReadOnlyAliasOfAnIommuRefusesStores() {
    place(0, ram("ram", 0x1000));
    MemoryRegion iommu = memory.iommu("iommu", Size.kib(4), shifting(space, 0, 0xfff));
    MemoryRegion guarded = alias("guarded", iommu, 0, 0x1000);
    memory.update(tx -> tx.setReadOnly(guarded, true));
    AddressSpace dma = memory.addressSpace("dma", guarded);
    assertFalse(reader.store(dma, 0, 4, 0x1234).isOk());
    assertLoads(0, 0, 4);
  }

  @Test
  void aHoleInTheTargetIsNotAFaultOfTheIommu() {
    AddressSpace dma = behind("dma", shifting(space, 0, 0xfff));
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(dma, 0x4000, 1, Access.READ);
      assertFalse(t.isAssigned());
      assertEquals(Translation.Fault.NONE, t.fault());
      assertSame(space, t.addressSpace());
    }
  }

  // Circles

  @Test
  void anIommuThatLeadsToItselfHitsTheHopLimit() {
    AddressSpace[] self = new AddressSpace[1];
    int[] hops = {0};
    self[0] = behind("self", (_, _, _, _, entry) -> {
      hops[0]++;
      entry.grant(self[0], 0, 0xfff, true, true);
    });
    try (ReadSection _ = reader.enter()) {
      Translation t = translate(self[0], 0, 1, Access.READ);
      assertFalse(t.isAssigned());
      assertEquals(Translation.Fault.HOP_LIMIT, t.fault());
      assertEquals(DispatchOptions.defaults().hopLimit(), hops[0]);
    }
    assertEquals(0, reader.load(self[0], 0, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void twoIommusThatLeadToEachOtherHitTheHopLimit() {
    AddressSpace[] pair = new AddressSpace[2];
    pair[0] = behind("ping", (_, _, _, _, entry) -> entry.grant(pair[1], 0, 0xfff, true, true));
    pair[1] = behind("pong", (_, _, _, _, entry) -> entry.grant(pair[0], 0, 0xfff, true, true));
    try (ReadSection _ = reader.enter()) {
      assertEquals(Translation.Fault.HOP_LIMIT, translate(pair[1], 0, 1, Access.WRITE).fault());
    }
  }

  @Test
  void aChainAsLongAsTheHopLimitPassesAndOneMoreDoesNot() {
    try (DispatchMemory other = DispatchMemory.create(policy, DispatchOptions.defaults().withHopLimit(3));
        MapReader walker = other.newReader("walker")) {
      AddressSpace[] chain = new AddressSpace[5];
      chain[0] = other.addressSpace("end", other.ram("ram", Size.kib(4)));
      for (int i = 1; i < chain.length; i++) {
        chain[i] = other.addressSpace("hop " + i, other.iommu("iommu", Size.FULL, shifting(chain[i - 1], 0, 0xfff)));
      }
      try (ReadSection _ = walker.enter()) {
        assertEquals(Translation.Fault.NONE, walker.translate(chain[3], 0, 1, Access.READ).fault());
        assertEquals(Translation.Fault.HOP_LIMIT, walker.translate(chain[4], 0, 1, Access.READ).fault());
      }
    }
  }

  // Accesses

  @Test
  void anAccessAcrossTwoBlocksGoesToBothTargets() {
    place(0x0000, ram("a", 0x1000));
    place(0x8000, ram("b", 0x1000));
    AddressSpace dma = behind("dma", (address, _, _, _, entry) ->
        entry.grant(space, address < 0x1000 ? 0x0000 : 0x8000, 0xfff, true, true));
    assertEquals(MemTxResult.OK, reader.store(dma, 0xffe, 4, 0x4433_2211));
    assertLoads(0x2211, 0xffe, 2);
    assertLoads(0x4433, 0x8000, 2);
    assertEquals(0x4433_2211, reader.load(dma, 0xffe, 4));
  }

  @Test
  void anAccessIntoARefusedBlockTransfersWhatIsGranted() {
    place(0x0000, ram("a", 0x1000));
    assertStores(0xffe, 2, 0xbbaa);
    AddressSpace dma = behind("dma", (address, _, _, _, entry) -> {
      if (address < 0x1000) {
        entry.grant(space, 0, 0xfff, true, true);
      }
    });
    assertEquals(0xbbaa, reader.load(dma, 0xffe, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  // Translators that misbehave

  @Test
  void aMaskThatIsNotAPowerOfTwoLess1IsRefusedWhereItIsGranted() {
    AddressSpace dma = behind("dma", (_, _, _, _, entry) -> entry.grant(space, 0, 0xffe, true, true));
    assertRefused(IllegalArgumentException.class, () -> reader.load(dma, 0, 4), "0000000000000ffe");
    assertEquals(0, policy.openSections());
  }

  @Test
  void aTranslatorThatThrowsLeavesTheReaderUsable() {
    place(0, ram("ram", 0x1000));
    AddressSpace dma = behind("dma", (_, _, _, _, _) -> {
      throw new ArithmeticException("walk failed");
    });
    assertRefused(ArithmeticException.class, () -> reader.load(dma, 0, 4), "walk failed");
    assertEquals(0, policy.openSections());
    assertLoads(0, 0, 4);
  }

  @Test
  void aTargetOfAnotherMemorySystemIsRefused() {
    try (DispatchMemory other = DispatchMemory.create(policy)) {
      AddressSpace foreign = other.addressSpace("foreign", other.container("root", Size.FULL));
      AddressSpace dma = behind("dma", shifting(foreign, 0, 0xfff));
      assertRefused(IllegalArgumentException.class, () -> reader.load(dma, 0, 4), "'foreign'", "another memory system");
    }
  }

  // Translators that read their tables through the map

  /** A page-table walker whose table is behind an IOMMU of its own, read with the reader that is translating. */
  @Test
  void aWalkThroughAnotherIommuDoesNotGrantWhatTheWalkerDoesNot() {
    place(0, ram("table", 0x1000));
    AddressSpace tables = behind("tables", shifting(space, 0, 0xfff));
    AddressSpace dma = behind("dma", (address, _, _, _, entry) -> {
      long descriptor = reader.load(tables, (address >>> 12) * 8, 8);
      if ((descriptor & 1) != 0) {
        entry.grant(space, descriptor & ~0xfffL, 0xfff, true, true);
      }
    });
    assertStores(0, 8, 0x0001);
    try (ReadSection _ = reader.enter()) {
      assertEquals(Translation.Fault.NONE, translate(dma, 0x0234, 1, Access.READ).fault());
      assertEquals(Translation.Fault.PERMISSION, translate(dma, 0x1234, 1, Access.READ).fault());
    }
  }

  @Test
  void aWalkThatMeetsAHoleDoesNotSpoilTheResultOfTheAccess() {
    place(0, ram("ram", 0x1000));
    AddressSpace dma = behind("dma", (_, _, _, _, entry) -> {
      reader.load(space, 0x9000_0000L, 8);
      entry.grant(space, 0, 0xfff, true, true);
    });
    reader.load(dma, 0, 4);
    assertEquals(MemTxResult.OK, reader.lastResult());
  }

  @Test
  @SuppressWarnings("restricted") // so much memory can only be pretended
  void whatIsRefusedIsFoundInARangeOfMoreThanHalfOfAllAddresses() {
    long quarter = 1L << 62;
    RamBacking untouched = RamBacking.of(MemorySegment.NULL.reinterpret(quarter));
    for (long i = 0; i < 3; i++) {
      place(i * quarter, memory.ram("ram" + i, untouched));
    }
    AddressSpace dma = behind("dma", (address, _, _, _, entry) -> {
      if (Long.compareUnsigned(address, quarter) >= 0) {
        entry.grant(space, address & -quarter, quarter - 1, true, true);
      } else if (address >>> 12 == 0) {
        entry.grant(space, 0, 0xfff, true, true);
      }
    });
    assertTrue(reader.isAccessible(dma, quarter, 2 * quarter, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertFalse(reader.isAccessible(dma, 0, 2 * quarter, Access.READ, MemTxAttrs.UNSPECIFIED));
  }
}
