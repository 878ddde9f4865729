package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The translation-request interface: chapter 4, 5.28 to 5.30. */
class DebugRequestsTest extends OnAnIommu {

  private static final int IOVA_REGISTER = 600;
  private static final int CONTROL = 608;
  private static final int RESPONSE = 616;
  private static final long GO = 1;
  private static final long PRIV = 2;
  private static final long EXE = 4;
  private static final long RWN = 8;
  private static final long PV = 1L << 32;
  private static final long IOVA = 0x4000_5000L;

  private long request(long iova, long control) {
    set8(IOVA_REGISTER, iova);
    set8(CONTROL, control | (long) DEVICE << 40 | GO);
    assertEquals(0, get8(CONTROL) & GO);
    return get8(RESPONSE);
  }

  private static long page(long address, long size) {
    return ((address & -size | size / 2 - 1) >>> 12) << 10 | (size > 0x1000 ? 1 << 9 : 0);
  }

  @Test
  void aRequestIsAnsweredWithThePageAndItsSize() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF);
    map(PagingMode.SV39, false, root, 0x8000_0000L, 0x60_0000, 1, LEAF);
    map(PagingMode.SV39, false, root, 0xc000_0000L, 0x4000_0000L, 2, LEAF);
    put(entryAt(PagingMode.SV39, false, root, IOVA + 0x1_0000, 0), pte(0x60_8000, LEAF) | Pte.NAPOT);
    assertEquals(page(0x60_0000, 0x1000), request(IOVA, RWN));
    assertEquals(page(0x60_0000, 0x20_0000), request(0x8000_3000L, 0));
    assertEquals(page(0x4000_0000L, 0x4000_0000L), request(0xc123_4000L, RWN));
    assertEquals(page(0x60_0000, 0x1_0000), request(IOVA + 0x1_0000, RWN));
    assertNoFault();
  }

  @Test
  void theMemoryTypeIsThatOfTheFirstStageOrElseOfTheSecond() {
    long secondRoot = frames(4);
    long root = frames(1);
    put(entryAt(PagingMode.SV39, true, secondRoot, 0, 2), pte(0, LEAF) | 2L << 61);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF);
    put(entryAt(PagingMode.SV39, false, root, IOVA + 0x1000, 0), pte(0x60_1000, LEAF) | 1L << 61);
    context(DeviceContext.VALID, SV39 | secondRoot >>> 12, 0, SV39 | root >>> 12);
    assertEquals(2, request(IOVA, RWN) >>> 7 & 3);
    assertEquals(1, request(IOVA + 0x1000, RWN) >>> 7 & 3);
  }

  /** 4: faults are reported as those of accesses are, with the address as the register holds it. */
  @Test
  void aFaultIsReportedAndTold() {
    map(PagingMode.SV39, false, firstStage(SV39), IOVA, 0x60_0000, 0, LEAF & ~Pte.WRITABLE);
    long[][] faults = {{0, 15, 3}, {RWN | EXE, 12, 1}};
    for (long[] fault : faults) {
      assertEquals(1, request(IOVA | 0x123, fault[0]) & 1);
      assertEquals(new Record(fault[1], (int) fault[2], DEVICE, 0, false, false, IOVA, 0), lastFault());
    }
    assertEquals(0, request(IOVA, RWN) & 1);
    assertEquals(1, request(IOVA, RWN | PV | 0x7bL << 12) & 1);
    assertEquals(new Record(260, 2, DEVICE, 0x7b, true, false, IOVA, 0), lastFault());
  }

  @Test
  void aRequestNamesItsProcess() {
    long directoryPage = frames(1);
    long root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF & ~Pte.USER);
    put(directoryPage + 16 * 0x7b, 1 | 2, SV39 | root >>> 12);
    context(DeviceContext.VALID | DeviceContext.PDTV, 0, 0, 1L << 60 | directoryPage >>> 12);
    assertEquals(page(0x60_0000, 0x1000), request(IOVA, RWN | PV | PRIV | 0x7bL << 12));
    assertEquals(1, request(IOVA, RWN | PV | 0x7bL << 12) & 1);
    assertEquals(new Record(13, 2, DEVICE, 0x7b, true, false, IOVA, 0), lastFault());
  }

  /** 4: a memory-resident interrupt file has no translation. */
  @Test
  void anInterruptFileInMemoryIsDisallowed() {
    long table = frames(1);
    put(table, frames(1) >>> 2 | 1 << 1 | 1, 0);
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | table >>> 12, 0, IOVA >>> 12, 0);
    command(3, 0);
    assertEquals(1, request(IOVA, 0) & 1);
    assertEquals(new Record(260, 3, DEVICE, 0, false, false, IOVA, 0), lastFault());
  }

  /** A guest may ask for any device, and leaves nothing behind. */
  @Test
  void anyDeviceCanBeAskedFor() {
    context(DeviceContext.VALID, 0, 0, 0);
    set8(CONTROL, GO | 0xff_ffffL << 40);
    assertEquals(260, lastFault().cause());
    assertEquals(1, get8(RESPONSE) & 1);
  }

  @Test
  void reservedBitsReadZero() {
    set8(IOVA_REGISTER, -1);
    set8(CONTROL, ~GO);
    assertEquals(-0x1000L, get8(IOVA_REGISTER));
    assertEquals(0xffff_ff01_ffff_f00eL, get8(CONTROL));
    set8(RESPONSE, -1);
    assertEquals(0, get8(RESPONSE));
  }
}
