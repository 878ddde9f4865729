package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import org.junit.jupiter.api.Test;

/** Tables, queues and targets that are behind the IOMMU itself: each access ends, with one record that tells of it. */
class CirclesTest extends OnAnIommu {

  private static final long WINDOW = 0x10_0000_0000L;
  private static final long IOVA = 0x4000_5000L;

  /** Physical addresses that lead through the IOMMU again. */
  private void behindItself() {
    MemoryRegion.Iommu itself = memory.iommu("itself", Size.FULL, device);
    MemoryRegion.Alias window = memory.alias("window", itself, 0, Size.bytes(WINDOW));
    memory.update(tx -> tx.addSubregion(board, WINDOW, window));
  }

  private void assertRecords(long cause) {
    for (Access access : Access.values()) {
      assertFaults(cause, IOVA, access);
    }
  }

  @Test
  void aDirectoryBehindTheIommuItselfIsALoadAccessFault() {
    behindItself();
    set8(RegisterFile.DDTP, 0);
    set8(RegisterFile.DDTP, WINDOW >>> 2 | 2);
    assertRecords(257);
  }

  @Test
  void aPageTableBehindTheIommuItselfIsAnAccessFault() {
    behindItself();
    context(DeviceContext.VALID, 0, 0, SV39 | WINDOW >>> 12);
    assertFaults(5, IOVA, Access.READ);
    assertFaults(7, IOVA, Access.WRITE);
    assertFaults(1, IOVA, Access.FETCH);
  }

  @Test
  void aProcessDirectoryBehindTheIommuItselfIsALoadAccessFault() {
    behindItself();
    context(DeviceContext.VALID | DeviceContext.PDTV | DeviceContext.DPE, 0, 0, 1L << 60 | WINDOW >>> 12);
    assertRecords(265);
  }

  @Test
  void anMsiTableBehindTheIommuItselfIsALoadAccessFault() {
    behindItself();
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | WINDOW >>> 12, -1L >>> 12, 0, 0);
    command(3, 0);
    assertRecords(261);
  }

  /** The queue's own accesses are refused without a further record, and so the queue has a memory fault. */
  @Test
  void aFaultQueueBehindTheIommuItselfIsAMemoryFault() {
    behindItself();
    set4(RegisterFile.FQCSR, 0);
    set8(RegisterFile.FQB, WINDOW >>> 2 | 3);
    set4(RegisterFile.FQCSR, 1);
    assertFalse(ask(0, IOVA, Access.READ));
    assertEquals(1 << 8, get4(RegisterFile.FQCSR) & 0x300);
  }

  @Test
  void aCommandQueueBehindTheIommuItselfIsAMemoryFault() {
    behindItself();
    set4(RegisterFile.CQCSR, 0);
    set8(RegisterFile.CQB, WINDOW >>> 2 | 3);
    set4(RegisterFile.CQCSR, 1);
    set4(RegisterFile.CQT, 1);
    assertEquals(1 << 8, get4(RegisterFile.CQCSR) & 0xf00);
  }

  /** Tables behind another device of the IOMMU are unusual, and no circle. */
  @Test
  void aPageTableBehindAnotherDeviceIsFound() {
    MemoryRegion.Iommu other = memory.iommu("other", Size.FULL, iommu.translator(DEVICE + 1));
    memory.update(tx -> tx.addSubregion(board, WINDOW, memory.alias("window", other, 0, Size.bytes(WINDOW))));
    put(contextAt(DEVICE + 1), DeviceContext.VALID, 0, 0, 0, 0, 0, 0, 0);
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF);
    context(DeviceContext.VALID, 0, 0, SV39 | (WINDOW + root) >>> 12);
    assertLeads(IOVA, 0x60_0000, 0xfff);
  }

  /** A translation whose target is the bus again is granted by the tables, and leads nowhere. */
  @Test
  void anIommuThatLeadsToItselfRecordsAnAccessFault() {
    behindItself();
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, IOVA, WINDOW + IOVA, 0, LEAF | Pte.EXECUTABLE);
    invalidateAll();
    AddressSpace bus = bus();
    long cause = 5;
    for (Access access : new Access[] {Access.READ, Access.WRITE, Access.FETCH}) {
      try (ReadSection _ = reader.enter()) {
        assertEquals(Translation.Fault.HOP_LIMIT, reader.translate(bus, IOVA, 4, access).fault());
      }
      Record record = lastFault();
      assertEquals(cause, record.cause());
      assertEquals(IOVA, record.iotval());
      assertEquals(DEVICE, record.device());
      cause = access == Access.READ ? 7 : 1;
    }
  }

  /** A bus that was opened after the section began is not part of it, and that is not a refusal. */
  @Test
  void aBusOpenedInsideASectionIsToldApartFromARefusal() {
    context(DeviceContext.VALID, 0, 0, 0);
    AddressSpace bus = bus();
    try (ReadSection _ = reader.enter()) {
      AddressSpace late = iommu.busMaster(memory, "late", DEVICE);
      Translation found = reader.translate(late, 0x1000, 4, Access.READ);
      assertFalse(found.isAssigned());
      assertEquals(Translation.Fault.NOT_IN_GENERATION, found.fault());
      assertEquals(Translation.Fault.NONE, reader.translate(system, HOLE, 4, Access.READ).fault());
      assertEquals(Translation.Fault.NOT_IN_GENERATION, reader.translate(late, 0x2000, 4, Access.READ).fault());
      assertEquals(0x1000, reader.translate(bus, 0x1000, 4, Access.READ).address());
    }
    assertNoFault();
    try (ReadSection _ = reader.enter()) {
      assertEquals(Translation.Fault.NONE, reader.translate(bus, 0x1000, 4, Access.READ).fault());
    }
  }

  /** The same of a space that an IOMMU leads to. */
  @Test
  void aTargetOpenedInsideASectionIsToldApartFromARefusal() {
    WindowIommu windows = new WindowIommu();
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("dma", Size.FULL, windows));
    try (ReadSection _ = reader.enter()) {
      AddressSpace late = memory.addressSpace("late", memory.container("late", Size.FULL));
      windows.map(new AddressRange(0, 0xfff), late, 0, Permission.READ);
      assertEquals(Translation.Fault.NOT_IN_GENERATION, reader.translate(dma, 0, 4, Access.READ).fault());
      assertEquals(Translation.Fault.PERMISSION, reader.translate(dma, 0, 4, Access.WRITE).fault());
    }
    try (ReadSection _ = reader.enter()) {
      assertEquals(Translation.Fault.NONE,
          reader.translate(dma, 0, 4, Access.READ, MemTxAttrs.UNSPECIFIED).fault());
    }
  }
}
