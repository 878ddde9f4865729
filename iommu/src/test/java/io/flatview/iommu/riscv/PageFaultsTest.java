package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Priv 4.3.2 and 8.5.1, step by step: what is wrong with an entry, and which fault it gives. */
class PageFaultsTest extends OnAnIommu {

  private static final long IOVA = 0x4_5678_9000L;
  private static final long PAGE = 0x60_0000;

  /** An entry at a level, and whether reads, writes and fetches get through it. */
  private record Defect(String what, int level, long entry, boolean reads, boolean writes, boolean fetches) {

    Defect(String what, int level, long entry, boolean reads, boolean writes) {
      this(what, level, entry, reads, writes, false);
    }
  }

  private static Defect bad(String what, int level, long entry) {
    return new Defect(what, level, entry, false, false, false);
  }

  private static final List<Defect> DEFECTS = List.of(
      new Defect("step 5: a sound leaf", 0, pte(PAGE, LEAF), true, true),
      new Defect("step 5: a leaf for execution too", 0, pte(PAGE, LEAF | Pte.EXECUTABLE), true, true, true),
      new Defect("step 5: without W", 0, pte(PAGE, LEAF & ~Pte.WRITABLE), true, false),
      new Defect("step 5: X alone", 0, pte(PAGE, LEAF & ~(Pte.READABLE | Pte.WRITABLE) | Pte.EXECUTABLE), false, false,
          true),
      new Defect("step 7: X alone, D is 0", 0, pte(PAGE, Pte.VALID | Pte.EXECUTABLE | Pte.USER | Pte.ACCESSED), false,
          false, true),
      bad("step 7: X alone, A is 0", 0, pte(PAGE, Pte.VALID | Pte.EXECUTABLE | Pte.USER)),
      bad("step 5: not for users", 0, pte(PAGE, LEAF & ~Pte.USER)),
      bad("step 3: V is 0", 0, pte(PAGE, LEAF & ~Pte.VALID)),
      bad("step 3: V is 0, level 1", 1, 0),
      bad("step 3: V is 0, level 2", 2, 0),
      bad("step 3: W without R", 0, pte(PAGE, LEAF & ~Pte.READABLE)),
      bad("step 3: W without R, with X", 0, pte(PAGE, LEAF & ~Pte.READABLE | Pte.EXECUTABLE)),
      bad("step 3: reserved bit 54", 0, pte(PAGE, LEAF) | 1L << 54),
      bad("step 3: reserved bit 60", 0, pte(PAGE, LEAF) | 1L << 60),
      bad("step 3: PBMT without Svpbmt", 0, pte(PAGE, LEAF) | 1L << 61),
      bad("step 3: PBMT without Svpbmt", 0, pte(PAGE, LEAF) | 1L << 62),
      bad("step 4: a pointer at the last level", 0, pte(PAGE, Pte.VALID)),
      bad("4.4.1: a pointer with D", 1, pte(PAGE, Pte.VALID | Pte.DIRTY)),
      bad("4.4.1: a pointer with A", 1, pte(PAGE, Pte.VALID | Pte.ACCESSED)),
      bad("4.4.1: a pointer with U", 1, pte(PAGE, Pte.VALID | Pte.USER)),
      bad("step 3: a pointer with a reserved bit", 1, pte(PAGE, Pte.VALID) | 1L << 59),
      bad("chapter 5: a pointer with N", 1, pte(PAGE, Pte.VALID) | Pte.NAPOT),
      bad("chapter 5: N with a size that is not defined", 0, pte(PAGE, LEAF) | Pte.NAPOT),
      bad("chapter 5: N on a large page", 1, pte(0x8000 << 9, LEAF) | Pte.NAPOT),
      bad("step 6: a misaligned page of 2 MiB", 1, pte(PAGE + 0x1000, LEAF)),
      bad("step 6: a misaligned page of 1 GiB", 2, pte(0x20_0000, LEAF)),
      bad("step 7: A is 0", 0, pte(PAGE, LEAF & ~Pte.ACCESSED)),
      new Defect("step 7: D is 0", 0, pte(PAGE, LEAF & ~Pte.DIRTY), true, false));

  /** What a bad pointer leads to is sound: the pointer alone is to blame. */
  @BeforeEach
  void aSoundTableAtThePage() {
    reset(Capabilities.ALL.without(Capabilities.SVPBMT));
    put(PAGE + 8L * PagingMode.SV39.index(IOVA, 0, false), pte(PAGE, LEAF));
  }

  private void assertGoes(Defect defect, boolean passes, long cause, long iotval2, Access access) {
    if (passes) {
      assertTrue(ask(0, IOVA, access), defect.what());
    } else {
      assertFaults(cause, 0, IOVA, access, iotval2);
    }
  }

  @Test
  void everyDefectOfTheFirstStageIsAPageFaultOfTheAccess() {
    for (Defect defect : DEFECTS) {
      long root = firstStage(SV39);
      put(entryAt(PagingMode.SV39, false, root, IOVA, defect.level()), defect.entry());
      assertGoes(defect, defect.reads(), 13, 0, Access.READ);
      assertGoes(defect, defect.writes(), 15, 0, Access.WRITE);
      assertGoes(defect, defect.fetches(), 12, 0, Access.FETCH);
    }
  }

  /** The same in the second stage; {@code iotval2} is the guest physical address (3.2). */
  @Test
  void everyDefectOfTheSecondStageIsAGuestPageFaultOfTheAccess() {
    for (Defect defect : DEFECTS) {
      long root = secondStage(SV39);
      put(entryAt(PagingMode.SV39, true, root, IOVA, defect.level()), defect.entry());
      assertGoes(defect, defect.reads(), 21, IOVA, Access.READ);
      assertGoes(defect, defect.writes(), 23, IOVA, Access.WRITE);
      assertGoes(defect, defect.fetches(), 20, IOVA, Access.FETCH);
    }
  }

  /** Step 2: a table where nothing answers is an access fault of the original access. */
  @Test
  void aTableInAHoleIsAnAccessFaultOfTheAccess() {
    for (int level = 1; level < 3; level++) {
      long root = firstStage(SV39);
      put(entryAt(PagingMode.SV39, false, root, IOVA, level), pte(HOLE, Pte.VALID));
      assertFaults(5, IOVA, Access.READ);
      assertFaults(7, IOVA, Access.WRITE);
      assertFaults(1, IOVA, Access.FETCH);
    }
    context(DeviceContext.VALID, 0, 0, SV39 | HOLE >>> 12);
    assertFaults(5, IOVA, Access.READ);
    context(DeviceContext.VALID, SV39 | HOLE >>> 12, 0, 0);
    assertFaults(7, IOVA, Access.WRITE);
  }

  /** 3.2: bit 0 of {@code iotval2} tells of an access to a first-stage table. */
  @Test
  void aFirstStageTableThatTheSecondStageDoesNotMapIsAnImplicitGuestPageFault() {
    long secondRoot = frames(4);
    context(DeviceContext.VALID, SV39 | secondRoot >>> 12, 0, SV39 | 0x2000_0000L >>> 12);
    long entry = 0x2000_0000L + 8L * PagingMode.SV39.index(IOVA, 2, false);
    assertFaults(21, 0, IOVA, Access.READ, entry | 1);
    assertFaults(23, 0, IOVA, Access.WRITE, entry | 1);
  }

  @Test
  void aGuestAddressThatTheSecondStageDoesNotMapIsAGuestPageFaultAtThatAddress() {
    long secondRoot = frames(4);
    long firstRoot = frames(1);
    map(PagingMode.SV39, true, secondRoot, 0, 0, 2, LEAF);
    map(PagingMode.SV39, false, firstRoot, IOVA, 0x4000_3000L, 0, LEAF);
    context(DeviceContext.VALID, SV39 | secondRoot >>> 12, 0, SV39 | firstRoot >>> 12);
    assertFaults(21, 0, IOVA + 0x124, Access.READ, 0x4000_3124L);
    assertFaults(23, 0, IOVA + 0x127, Access.WRITE, 0x4000_3124L);
  }

  /** Priv, Svpbmt: types 1 and 2 are known where they are announced, 3 is reserved, and pointers have none. */
  @Test
  void memoryTypesAreCheckedWhereTheyAreAnnounced() {
    reset(Capabilities.ALL);
    for (boolean second : new boolean[] {false, true}) {
      for (long type = 0; type < 4; type++) {
        long root = second ? secondStage(SV39) : firstStage(SV39);
        long entry = entryAt(PagingMode.SV39, second, root, IOVA, 0);
        put(entry, pte(PAGE, LEAF) | type << 61);
        assertGoes(new Defect("type " + type, 0, 0, type != 3, true), type != 3, second ? 21 : 13, second ? IOVA : 0,
            Access.READ);
        put(entry, pte(PAGE, LEAF));
        put(entryAt(PagingMode.SV39, second, root, IOVA, 1), pte(entry & -0x1000L, Pte.VALID) | type << 61);
        invalidateAll();
        assertGoes(new Defect("pointer of type " + type, 0, 0, type == 0, true), type == 0, second ? 21 : 13,
            second ? IOVA : 0, Access.READ);
      }
    }
  }

  /** A granted block says what may be done with it, fetches included. */
  @Test
  void aGrantTellsFetchesFromReads() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, IOVA, PAGE, 0, LEAF);
    map(PagingMode.SV39, false, root, IOVA + 0x1000, PAGE, 0, LEAF | Pte.EXECUTABLE);
    map(PagingMode.SV39, false, root, IOVA + 0x2000, PAGE, 0, LEAF & ~(Pte.READABLE | Pte.WRITABLE) | Pte.EXECUTABLE);
    invalidateAll();
    assertTrue(ask(0, IOVA, Access.READ) && entry.permits(Access.WRITE) && !entry.permits(Access.FETCH));
    assertTrue(ask(0, IOVA + 0x1000, Access.FETCH) && entry.permits(Access.READ) && entry.permits(Access.WRITE));
    assertTrue(ask(0, IOVA + 0x2000, Access.FETCH) && !entry.permits(Access.READ) && !entry.permits(Access.WRITE));
    assertFaults(13, IOVA + 0x2000, Access.READ);
  }

  /** 2.1.3.1: DTF hides what happens in translation. */
  @Test
  void pageFaultsAreNotReportedWithDtf() {
    context(DeviceContext.VALID | DeviceContext.DTF, 0, 0, SV39 | frames(1) >>> 12);
    assertTrue(!ask(0, IOVA, Access.READ));
    assertNoFault();
    context(DeviceContext.VALID | DeviceContext.DTF, SV39 | frames(4) >>> 12, 0, 0);
    assertTrue(!ask(0, IOVA, Access.WRITE));
    assertNoFault();
  }
}
