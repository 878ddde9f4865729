package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import org.junit.jupiter.api.Test;

/** Each scheme of each stage: Priv 4.4 (Sv39), 4.5 (Sv48), 4.6 (Sv57), 8.5 (two stages). */
class PagingModesTest extends OnAnIommu {

  /** A scheme: its MODE field, and an address that uses every level. */
  private record Scheme(PagingMode mode, long field, long low, long high) {}

  private static final Scheme[] SCHEMES = {
    new Scheme(PagingMode.SV39, SV39, 0x2a_aaaa_a000L, 0xffff_ffc0_1234_5000L),
    new Scheme(PagingMode.SV48, SV48, 0x5555_5555_5000L, 0xffff_8765_4321_0000L),
    new Scheme(PagingMode.SV57, SV57, 0x00aa_5555_1234_5000L, 0xff12_3456_789a_b000L),
  };

  private static long target(int level) {
    return level == 0 ? 0x55_5000 : level == 1 ? 0x60_0000 : 1L << 12 + 9 * level;
  }

  @Test
  void everyLevelOfTheFirstStageMayHoldALeaf() {
    for (Scheme scheme : SCHEMES) {
      for (int level = 0; level < scheme.mode().levels(); level++) {
        long root = firstStage(scheme.field());
        long span = PagingMode.span(level);
        for (long from : new long[] {scheme.low(), scheme.high()}) {
          map(scheme.mode(), false, root, from, target(level), level, LEAF);
          assertLeads(from, target(level) | from & span, span);
          assertLeads(from | 0xabc, target(level) | (from | 0xabc) & span, span & 0x1f_ffff);
        }
      }
    }
  }

  @Test
  void everyLevelOfTheSecondStageMayHoldALeafAndTheRootIsFourTimesAsLarge() {
    for (Scheme scheme : SCHEMES) {
      for (int level = 0; level < scheme.mode().levels(); level++) {
        long root = secondStage(scheme.field());
        long span = PagingMode.span(level);
        long widest = 3L << 12 + 9 * scheme.mode().levels() | 0x1234_5000;
        for (long from : new long[] {scheme.low(), widest}) {
          map(scheme.mode(), true, root, from, target(level), level, LEAF);
          assertLeads(from, target(level) | from & span, span);
        }
      }
    }
  }

  /** Priv 4.4.1, 4.5.1, 4.6.1: bits above must equal the highest; else a page fault. */
  @Test
  void anAddressOfTheFirstStageThatIsNotExtendedByItsSignFaults() {
    for (Scheme scheme : SCHEMES) {
      firstStage(scheme.field());
      int bits = 12 + 9 * scheme.mode().levels();
      assertFaults(13, 1L << bits - 1, Access.READ);
      assertFaults(15, -1L << bits, Access.WRITE);
      assertFaults(13, 1L << 63, Access.READ);
    }
  }

  /** Priv 8.5.1: bits above must be 0; else a guest page fault. */
  @Test
  void anAddressOfTheSecondStageBeyondItsWidthFaults() {
    for (Scheme scheme : SCHEMES) {
      secondStage(scheme.field());
      long beyond = 1L << 14 + 9 * scheme.mode().levels();
      assertFaults(21, 0, beyond, Access.READ, beyond);
      assertFaults(23, 0, -1L << 63, Access.WRITE, -1L << 63);
    }
  }

  /** Priv 8.5.1: the root of the second stage has 2048 entries, in 16 KiB. */
  @Test
  void theRootOfTheSecondStageIsFourTimesAsLarge() {
    long root = secondStage(SV39);
    put(root + 8 * (3 * 512 + 5), pte(0x4000_0000L, LEAF));
    put(root + 8 * 5, pte(0x8000_0000L, LEAF));
    assertLeads((3L << 39) + (5L << 30) + 0x1234, 0x4000_1234L, 0x3fff_ffff);
    assertLeads((5L << 30) + 0x1234, 0x8000_1234L, 0x3fff_ffff);
  }

  /** 8.5: what the first stage gives, and where its tables are, is translated by the second. */
  @Test
  void twoStagesFollowEachOtherAndTheSmallerBlockCounts() {
    for (Scheme first : SCHEMES) {
      for (Scheme second : SCHEMES) {
        long secondRoot = frames(4);
        for (long page = 0; page < 0x100_0000; page += 0x20_0000) {
          map(second.mode(), true, secondRoot, 0x2000_0000 + page, page, 1, LEAF);
        }
        map(second.mode(), true, secondRoot, 0x4000_1000, 0x77_7000, 0, LEAF);
        long firstRoot = frames(1);
        guestMap(first.mode(), firstRoot, first.low(), 0x4000_1000, 0);
        guestMap(first.mode(), firstRoot, 0x4000_0000, 0x2060_0000, 1);
        context(DeviceContext.VALID, second.field() | 9L << 44 | secondRoot >>> 12, 7L << 12,
            first.field() | (firstRoot + 0x2000_0000) >>> 12);
        assertLeads(first.low() | 0x10, 0x77_7010, 0xfff);
        assertLeads(0x4000_0000 + 0x1_2345, 0x60_0000 + 0x1_2345, 0x1f_ffff);
      }
    }
  }

  /** As {@link #map}, with tables whose guest addresses are 512 MiB above the physical ones. */
  private void guestMap(PagingMode mode, long root, long from, long to, int level) {
    long table = root;
    for (int at = mode.levels() - 1; at > level; at--) {
      long place = table + 8L * mode.index(from, at, false);
      if (word(place) == 0) {
        put(place, pte(frames(1) + 0x2000_0000, Pte.VALID));
      }
      table = (word(place) >>> 10 << 12) - 0x2000_0000;
    }
    put(table + 8L * mode.index(from, level, false), pte(to, LEAF));
  }

  @Test
  void bothStagesBareLeadStraightThrough() {
    context(DeviceContext.VALID, 0, 0, 0);
    assertLeads(0x1234_5678, 0x1234_5678, (1L << 56) - 1);
  }

  /** 5.3, PAS: physical addresses beyond 56 bits cannot be reached. */
  @Test
  void anAddressBeyondThePhysicalOnesIsAnAccessFault() {
    context(DeviceContext.VALID, 0, 0, 0);
    assertFaults(5, 1L << 56, Access.READ);
    assertFaults(7, -8, Access.WRITE);
    set8(RegisterFile.DDTP, 1);
    assertFaults(5, 1L << 56, Access.READ);
  }

  /** 5.5: in Bare mode every access passes. */
  @Test
  void theBareModeLetsEverythingPass() {
    set8(RegisterFile.DDTP, 1);
    assertLeads(0x1000, 0x1000, (1L << 56) - 1);
  }

  /** 5.5: what was found by the old directory is not used by the new one. */
  @Test
  void anotherModeOrDirectoryIsInForceAtOnce() {
    map(PagingMode.SV39, false, firstStage(SV39), 0x9_0000, 0x80_0000, 0, LEAF);
    assertLeads(0x9_0000, 0x80_0000, 0xfff);
    set8(RegisterFile.DDTP, 1);
    assertLeads(0x9_0000, 0x9_0000, (1L << 56) - 1);
    set8(RegisterFile.DDTP, 0);
    assertFaults(256, 0x9_0000, Access.READ);
    set8(RegisterFile.DDTP, frames(1) >>> 2 | 2);
    assertFaults(258, 0x9_0000, Access.READ);
    set8(RegisterFile.DDTP, directory >>> 2 | 2);
    assertLeads(0x9_0000, 0x80_0000, 0xfff);
  }

  /** 5.3 makes Svnapot (Priv chapter 5) mandatory. */
  @Test
  void sixteenPagesMayBeMappedByOneKindOfEntry() {
    long root = firstStage(SV39);
    for (int page = 0; page < 16; page++) {
      map(PagingMode.SV39, false, root, 0x5_0000 + page * 0x1000, 0x7_8000, 0, LEAF | Pte.NAPOT);
    }
    assertLeads(0x5_3210, 0x7_3210, 0xffff);
    assertLeads(0x5_f000, 0x7_f000, 0xffff);
  }

  @Test
  void aDevicesAccessesGoThroughItsBusMasterSpace() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, 0x9_0000, 0x80_0000, 0, LEAF);
    map(PagingMode.SV39, false, root, 0x9_1000, 0x60_0000, 0, LEAF & ~Pte.WRITABLE);
    AddressSpace dma = iommu.busMaster(memory, "nic", DEVICE);
    assertEquals(MemTxResult.OK, reader.store(dma, 0x9_0ffc, 4, 0x1234));
    assertEquals(0x1234, reader.load(system, 0x80_0ffc, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(dma, 0x9_1000, 4, 0x1234));
    assertEquals(15, lastFault().cause());
    try (ReadSection _ = reader.enter()) {
      Translation t = reader.translate(dma, 0x9_0800, 0x1_0000, Access.READ);
      assertEquals(0x800, t.length());
      assertEquals(Translation.Fault.NONE, t.fault());
    }
  }

  @Test
  void aWriteAcrossTwoPagesGoesToBoth() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, 0x9_0000, 0x80_0000, 0, LEAF);
    map(PagingMode.SV39, false, root, 0x9_1000, 0x60_0000, 0, LEAF);
    AddressSpace dma = iommu.busMaster(memory, "nic", DEVICE);
    assertEquals(MemTxResult.OK, reader.store(dma, 0x9_0ffe, 4, 0x4433_2211));
    assertEquals(0x2211, reader.load(system, 0x80_0ffe, 2));
    assertEquals(0x4433, reader.load(system, 0x60_0000, 2));
  }
}
