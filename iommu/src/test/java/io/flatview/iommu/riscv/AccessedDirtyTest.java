package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 2.4: accessed and dirty bits, by the IOMMU where SADE and GADE ask for it; else their lack is a page fault. */
class AccessedDirtyTest extends OnAnIommu {

  private static final long IOVA = 0x4000_5000L;
  private static final long FRESH = LEAF & ~(Pte.ACCESSED | Pte.DIRTY);
  private static final long BOTH = Pte.ACCESSED | Pte.DIRTY;

  private long first(long tc) {
    long root = frames(1);
    context(DeviceContext.VALID | tc, 0, 0, SV39 | root >>> 12);
    map(PagingMode.SV39, false, root, IOVA, 0x66_6000, 0, FRESH);
    return entryAt(PagingMode.SV39, false, root, IOVA, 0);
  }

  private long second(long tc) {
    long root = frames(4);
    context(DeviceContext.VALID | tc, SV39 | root >>> 12, 0, 0);
    map(PagingMode.SV39, true, root, IOVA, 0x66_6000, 0, FRESH);
    return entryAt(PagingMode.SV39, true, root, IOVA, 0);
  }

  private void assertMarks(long place) {
    assertTrue(ask(0, IOVA, Access.READ));
    assertEquals(Pte.ACCESSED, word(place) & BOTH);
    assertFalse(entry.permits(Access.WRITE), "the first write must come by the table to mark it");
    assertTrue(ask(0, IOVA, Access.WRITE));
    assertEquals(BOTH, word(place) & BOTH);
    assertTrue(ask(0, IOVA, Access.READ));
  }

  @Test
  void aReadMarksAccessedAndAWriteMarksDirty() {
    assertMarks(first(DeviceContext.SADE));
    assertMarks(second(DeviceContext.GADE));
  }

  @Test
  void withoutSadeOrGadeNothingIsMarkedAndTheAccessFaults() {
    long entry = first(DeviceContext.GADE);
    assertFaults(13, IOVA, Access.READ);
    assertFaults(15, IOVA, Access.WRITE);
    assertEquals(0, word(entry) & BOTH);
    entry = second(DeviceContext.SADE);
    assertFaults(21, 0, IOVA, Access.READ, IOVA);
    assertEquals(0, word(entry) & BOTH);
  }

  @Test
  void anAccessThatIsNotPermittedMarksNothing() {
    long entry = first(DeviceContext.SADE);
    put(entry, pte(0x66_6000, FRESH & ~Pte.WRITABLE));
    assertFaults(15, IOVA, Access.WRITE);
    assertEquals(0, word(entry) & BOTH);
  }

  /** 3.2, {@code iotval2}: bit 1 tells that the table was to be written. */
  @Test
  void aTableThatTheSecondStageDoesNotLetWriteIsAnImplicitWriteFault() {
    long secondRoot = frames(4);
    long root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x66_6000, 0, FRESH);
    long entry = entryAt(PagingMode.SV39, false, root, IOVA, 0);
    for (long page = 0; page < 0x200_0000; page += 0x20_0000) {
      map(PagingMode.SV39, true, secondRoot, page, page, 1, LEAF & ~Pte.WRITABLE);
    }
    context(DeviceContext.VALID | DeviceContext.SADE, SV39 | secondRoot >>> 12, 0, SV39 | root >>> 12);
    assertFaults(21, 0, IOVA, Access.READ, entry | 3);
    assertEquals(0, word(entry) & BOTH);
  }

  /** The table's page is written, so its own entry becomes dirty; that of the data does not. */
  @Test
  void markingAFirstStageEntryMarksTheSecondStageEntryOfItsTable() {
    long secondRoot = frames(4);
    long root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x66_6000, 0, FRESH);
    long entry = entryAt(PagingMode.SV39, false, root, IOVA, 0);
    for (long page = 0; page < 0x200_0000; page += 0x1000) {
      map(PagingMode.SV39, true, secondRoot, page, page, 0, FRESH);
    }
    context(DeviceContext.VALID | DeviceContext.SADE | DeviceContext.GADE, SV39 | secondRoot >>> 12, 0,
        SV39 | root >>> 12);
    assertTrue(ask(0, IOVA, Access.READ));
    assertEquals(Pte.ACCESSED, word(entry) & BOTH);
    assertEquals(BOTH, word(entryAt(PagingMode.SV39, true, secondRoot, entry, 0)) & BOTH);
    assertEquals(Pte.ACCESSED, word(entryAt(PagingMode.SV39, true, secondRoot, root, 0)) & BOTH);
    assertEquals(Pte.ACCESSED, word(entryAt(PagingMode.SV39, true, secondRoot, 0x66_6000, 0)) & BOTH);
  }

  @Test
  void aTableInRomCannotBeMarked() {
    MemoryRegion.Rom rom = memory.rom("rom", Size.kib(4));
    memory.update(tx -> tx.addSubregion(board, 0x1000_0000L, rom));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment leaf = arena.allocate(8);
      leaf.set(ValueLayout.JAVA_LONG, 0, pte(0x4000_0000L, FRESH));
      rom.copyIn(8, leaf);
    }
    context(DeviceContext.VALID | DeviceContext.SADE, 0, 0, SV39 | 0x1000_0000L >>> 12);
    assertFaults(5, IOVA, Access.READ);
  }

  @Test
  void aReplayMarksNothing() {
    long entry = first(DeviceContext.SADE);
    AddressSpace dma = iommu.busMaster(memory, "nic", DEVICE);
    List<IommuEvent> told = new ArrayList<>();
    ((MemoryRegion.Iommu) dma.root())
        .addNotifier(new IommuNotifier("shadow", EnumSet.of(IommuEvent.Kind.MAP), told::add)).replay(reader);
    assertEquals(List.of(
        new IommuEvent.Map(new AddressRange(IOVA, IOVA | 0xfff), system, 0x66_6000, true, true, false)), told);
    assertEquals(0, word(entry) & BOTH);
  }
}
