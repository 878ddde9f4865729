package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The process directory: 2.2 and 2.3.2, and steps 10 to 16 of 2.3. */
class ProcessDirectoryTest extends OnAnIommu {

  private static final long CONTEXT = DeviceContext.VALID | DeviceContext.PDTV;
  private static final long ENS = 2;
  private static final long SUM = 4;
  private static final long IOVA = 0x1_2345_6000L;

  private int process = 0x7f;
  private long directoryRoot;

  private long pageTable(long flags) {
    long root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x66_6000, 0, flags);
    return root;
  }

  private long processDirectory(long mode) {
    directoryRoot = frames(1);
    context(CONTEXT, 0, 0, mode << 60 | directoryRoot >>> 12);
    return directoryRoot;
  }

  private int index() {
    return RiscvIommu.index(process, false);
  }

  /** 2.2: 8, 17 and 20 bits. */
  @Test
  void aProcessIsFoundThroughOneTwoAndThreeLevels() {
    long root = pageTable(LEAF);
    int[] processes = {0xff, 0x1_5aa5, 0xd_5aa5};
    for (int levels = 1; levels <= 3; levels++) {
      long table = processDirectory(levels);
      process = processes[levels - 1];
      for (int level = levels - 1; level > 0; level--) {
        long next = frames(1);
        put(table + 8L * (process >>> 8 + 9 * (level - 1) & 0x1ff), next >>> 2 | 1);
        table = next;
      }
      put(table + 16L * (process & 0xff), 1 | 0x123L << 12, SV39 | root >>> 12);
      assertLeads(index(), IOVA | 4, 0x66_6004, 0xfff);
    }
  }

  /** 2.3, step 7. */
  @Test
  void aProcessThatIsWiderThanTheDirectoryIsDisallowed() {
    processDirectory(1);
    assertFaults(260, RiscvIommu.index(0x100, false), IOVA, Access.READ, 0);
    processDirectory(2);
    assertFaults(260, RiscvIommu.index(0x2_0000, false), IOVA, Access.WRITE, 0);
  }

  private record Bad(String what, long cause, long ta, long fsc) {}

  /** 2.2.4. */
  private static final List<Bad> BAD = List.of(
      new Bad("V is 0", 266, ~1L, -1),
      new Bad("ta bit 3 is reserved", 267, 1 | 1 << 3, 0),
      new Bad("ta bit 11 is reserved", 267, 1 | 1 << 11, 0),
      new Bad("ta bit 32 is reserved", 267, 1 | 1L << 32, 0),
      new Bad("fsc bit 44 is reserved", 267, 1, 1L << 44),
      new Bad("fsc bit 59 is reserved", 267, 1, 1L << 59),
      new Bad("reserved MODE 1", 267, 1, 1L << 60),
      new Bad("reserved MODE 13", 267, 1, 13L << 60),
      new Bad("custom MODE", 267, 1, 14L << 60));

  @Test
  void everyBadContextIsReported() {
    long table = processDirectory(1);
    for (Bad bad : BAD) {
      put(table + 16L * process, bad.ta(), bad.fsc());
      assertFaults(bad.cause(), index(), IOVA, Access.READ, 0);
    }
  }

  @Test
  void aModeThatIsNotAnnouncedIsAMisconfiguration() {
    reset(Capabilities.ALL.without(Capabilities.SV57));
    put(processDirectory(1) + 16L * process, 1, SV57);
    assertFaults(267, index(), IOVA, Access.READ, 0);
  }

  @Test
  void badPointersOfTheDirectoryAreReported() {
    long table = processDirectory(2);
    assertFaults(266, index(), IOVA, Access.READ, 0);
    put(table, HOLE >>> 2 | 1);
    assertFaults(265, index(), IOVA, Access.WRITE, 0);
    for (int bit : new int[] {1, 9, 54, 63}) {
      put(table, frames(1) >>> 2 | 1 | 1L << bit);
      assertFaults(267, index(), IOVA, Access.READ, 0);
    }
    context(CONTEXT, 0, 0, 1L << 60 | HOLE >>> 12);
    assertFaults(265, index(), IOVA, Access.READ, 0);
  }

  /** 2.3, step 13. */
  @Test
  void aBareDirectoryLeavesTheFirstStageOut() {
    context(CONTEXT, 0, 0, 0);
    assertLeads(index(), IOVA, IOVA, (1L << 56) - 1);
  }

  /** 2.3, steps 11 and 12. */
  @Test
  void anAccessWithoutAProcessUsesProcess0IfDpeSaysSo() {
    long root = pageTable(LEAF);
    long table = processDirectory(1);
    put(table, 1, SV39 | root >>> 12);
    assertLeads(IOVA, IOVA, (1L << 56) - 1);
    context(CONTEXT | DeviceContext.DPE, 0, 0, 1L << 60 | table >>> 12);
    assertLeads(IOVA, 0x66_6000, 0xfff);
    put(table, 0);
    command(3, 0);
    assertFaults(266, IOVA, Access.READ);
  }

  // Privilege, 2.2.3

  private void asSupervisor(long ta, long leaf) {
    put(processDirectory(1) + 16L * process, ta, SV39 | pageTable(leaf) >>> 12);
  }

  /** 2.3, step 15. */
  @Test
  void supervisorPrivilegeNeedsEns() {
    asSupervisor(1, LEAF & ~Pte.USER);
    assertFaults(260, RiscvIommu.index(process, true), IOVA, Access.READ, 0);
    asSupervisor(1 | ENS, LEAF & ~Pte.USER);
    assertLeads(RiscvIommu.index(process, true), IOVA, 0x66_6000, 0xfff);
    assertFaults(13, index(), IOVA, Access.READ, 0);
  }

  @Test
  void userPagesAreOpenToSupervisorsIfSumSaysSo() {
    asSupervisor(1 | ENS, LEAF);
    assertFaults(15, RiscvIommu.index(process, true), IOVA, Access.WRITE, 0);
    asSupervisor(1 | ENS | SUM, LEAF);
    assertLeads(RiscvIommu.index(process, true), IOVA, 0x66_6000, 0xfff);
  }

  // Behind a second stage, 2.3.2 step 2

  @Test
  void theDirectoryIsBehindTheSecondStage() {
    long secondRoot = frames(4);
    long offset = 0x2000_0000L;
    for (long page = 0; page < 0x200_0000; page += 0x20_0000) {
      map(PagingMode.SV39, true, secondRoot, offset + page, page, 1, LEAF);
    }
    long table = frames(1);
    long leaf = frames(1);
    long root = frames(1);
    put(table, (leaf + offset) >>> 2 | 1);
    put(leaf + 16L * process, 1, SV39 | (root + offset) >>> 12);
    put(root + 8L * PagingMode.SV39.index(IOVA, 2, false), pte(offset + 0x20_0000 & -1L << 30, LEAF));
    context(CONTEXT, SV39 | secondRoot >>> 12, 0, 2L << 60 | (table + offset) >>> 12);
    long inner = IOVA & 0x3fff_ffff;
    assertFaults(21, index(), IOVA, Access.READ, inner);
    map(PagingMode.SV39, true, secondRoot, inner & -0x1000L, 0x77_7000, 0, LEAF);
    invalidateAll();
    assertLeads(index(), IOVA, 0x77_7000, 0xfff);
  }

  /** 3.2: reads of the directory are implicit accesses. */
  @Test
  void aDirectoryThatTheSecondStageDoesNotMapIsAnImplicitGuestPageFault() {
    context(CONTEXT, SV39 | frames(4) >>> 12, 0, 1L << 60 | 0x1234L);
    assertFaults(21, index(), IOVA, Access.READ, 0x123_4000 | 1);
    assertFaults(23, index(), IOVA, Access.WRITE, 0x123_4000 | 1);
  }

  /** 2.3.2, step 2: an access fault of the second stage is one of the directory. */
  @Test
  void aDirectoryBehindASecondStageInAHoleIsALoadAccessFault() {
    context(CONTEXT, SV39 | HOLE >>> 12, 0, 1L << 60 | 0x1234L);
    for (Access access : Access.values()) {
      assertFaults(265, index(), IOVA, access, 0);
    }
    context(CONTEXT, 8L << 60 | 0x5c, 0, 1L << 60 | 0x75);
    put(0x5c000, pte(HOLE, Pte.VALID));
    assertFaults(265, index(), IOVA, Access.READ, 0);
    assertFaults(265, RiscvIommu.index(0xff, false), IOVA, Access.WRITE, 0);
  }

  /** The same for a second-stage entry whose A cannot be set. */
  @Test
  void aDirectoryBehindASecondStageThatCannotBeMarkedIsALoadAccessFault() {
    MemoryRegion.Rom rom = memory.rom("rom", Size.kib(16));
    memory.update(tx -> tx.addSubregion(board, 0x1000_0000L, rom));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment leaf = arena.allocate(8);
      leaf.set(ValueLayout.JAVA_LONG, 0, pte(0, LEAF & ~Pte.ACCESSED));
      rom.copyIn(0, leaf);
    }
    context(CONTEXT | DeviceContext.GADE, SV39 | 0x1000_0000L >>> 12, 0, 1L << 60 | 0x1234L);
    assertFaults(265, index(), IOVA, Access.READ, 0);
  }

  /** Process 0 is a process, in the attributes of an access as for the translator. */
  @Test
  void processZeroIsAProcess() {
    long table = processDirectory(1);
    put(table, 1, SV39 | pageTable(LEAF) >>> 12);
    put(0x66_6000, 0x1234);
    AddressSpace dma = iommu.busMaster(memory, "nic", DEVICE);
    MemTxAttrs zero = MemTxAttrs.UNSPECIFIED.withPid(0);
    assertEquals(0x1234, as(dma, zero));
    put(table, 0);
    command(3, 0);
    as(dma, zero);
    assertEquals(new Record(266, 2, DEVICE, 0, true, false, IOVA, 0), lastFault());
    reader.load(dma, 0x66_6000, 8);
    assertNoFault();
    as(dma, zero.withoutPid());
    assertNoFault();
    assertThrows(IllegalArgumentException.class, () -> new MemTxAttrs(0, false, 1, false, false, false, false, false));
  }

  /** 2.2.3: a supervisor fetches from no page of a user, whatever SUM says. */
  @Test
  void userPagesAreNeverFetchedFromBySupervisors() {
    asSupervisor(1 | ENS | SUM, LEAF | Pte.EXECUTABLE);
    int supervisor = RiscvIommu.index(process, true);
    assertLeads(supervisor, IOVA, 0x66_6000, 0xfff);
    assertFalse(entry.permits(Access.FETCH));
    assertFaults(12, supervisor, IOVA, Access.FETCH, 0);
    asSupervisor(1 | ENS, LEAF & ~Pte.USER | Pte.EXECUTABLE);
    command(3, 0);
    assertTrue(ask(supervisor, IOVA, Access.FETCH));
  }

  @Test
  void aProcessStaysInTheCacheUntilItIsInvalidated() {
    long table = processDirectory(1);
    put(table + 16L * process, 1, SV39 | pageTable(LEAF) >>> 12);
    assertLeads(index(), IOVA, 0x66_6000, 0xfff);
    put(table + 16L * process, 0);
    assertLeads(index(), IOVA, 0x66_6000, 0xfff);
    command(3 | 1 << 7 | (long) process << 12 | 1L << 33 | (long) DEVICE << 40, 0);
    assertFaults(266, index(), IOVA, Access.READ, 0);
    assertEquals(0, get4(RegisterFile.CQCSR) & 0xf00);
  }

  @Test
  void theAttributesOfAnAccessNameTheProcess() {
    put(processDirectory(1) + 16L * process, 1, SV39 | pageTable(LEAF) >>> 12);
    put(0x66_6000, 0x1234);
    AddressSpace dma = iommu.busMaster(memory, "nic", DEVICE);
    MemTxAttrs own = MemTxAttrs.UNSPECIFIED.withPid(process);
    assertEquals(0x1234, as(dma, own));
    as(dma, own.withPid(process + 1));
    assertEquals(new Record(266, 2, DEVICE, process + 1, true, false, IOVA, 0), lastFault());
    as(dma, own.asPrivileged());
    assertEquals(new Record(260, 2, DEVICE, process, true, true, IOVA, 0), lastFault());
    as(dma, own.withPid(0xf_ffff));
    assertEquals(0xf_ffff, lastFault().process());
    assertThrows(IllegalArgumentException.class, () -> own.withPid(0x10_0000));
  }

  private long as(AddressSpace dma, MemTxAttrs attributes) {
    return reader.load(dma, IOVA, 8, ByteOrder.LITTLE_ENDIAN, attributes);
  }
}
