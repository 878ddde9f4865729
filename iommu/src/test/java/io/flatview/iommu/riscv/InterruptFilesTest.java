package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.Access;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory-resident interrupt files: 2.3.3, and AIA, "MSI PTE, MRIF mode". */
class InterruptFilesTest extends OnAnIommu {

  private static final long FILES = 0x2800_0000L;
  private static final long NOTICE_IDENTITY = 0x45a;

  private long table;
  private long file;
  private long notice;

  @BeforeEach
  void oneFile() {
    table = frames(1);
    file = frames(1) + 0x200;
    notice = frames(1);
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | table >>> 12, 0, FILES >>> 12, 0);
    command(3, 0);
    entry(file, notice);
  }

  private void entry(long toFile, long toNotice) {
    put(table, toFile >>> 9 << 7 | 1 << 1 | 1,
        toNotice >>> 12 << 10 | NOTICE_IDENTITY & 0x3ff | NOTICE_IDENTITY >>> 10 << 60);
  }

  private MemTxResult send(long offset, int size, long data) {
    return reader.store(bus(), FILES + offset, size, data);
  }

  private long noticed() {
    long value = word(notice);
    put(notice, 0);
    return value;
  }

  @Test
  void aMessageSetsItsPendingBitAndSendsTheNotice() {
    for (int identity : new int[] {1, 63, 64, 255, 2047}) {
      put(file + 16 * (identity / 64), 1L << 7, 0x1234);
      assertEquals(MemTxResult.OK, send(0, 4, identity));
      assertEquals(1L << 7 | 1L << identity % 64, word(file + 16 * (identity / 64)));
      assertEquals(0x1234, word(file + 16 * (identity / 64) + 8), "enable bits are software's");
      assertEquals(NOTICE_IDENTITY, noticed());
    }
    assertNoFault();
  }

  @Test
  void aMessageMayBeBigEndian() {
    assertEquals(MemTxResult.OK, send(4, 4, Integer.toUnsignedLong(Integer.reverseBytes(65))));
    assertEquals(2, word(file + 16));
    assertEquals(NOTICE_IDENTITY, noticed());
  }

  @Test
  void otherWritesAreAcceptedAndDiscarded() {
    for (long[] write : new long[][] {{8, 1}, {0xffc, 1}, {0, 2048}, {0, 0xffff_ffffL}, {4, 1}}) {
      assertEquals(MemTxResult.OK, send(write[0], 4, write[1]));
    }
    for (int i = 0; i < 64; i++) {
      assertEquals(0, word(file + 8L * i));
    }
    assertEquals(0, noticed());
  }

  @Test
  void whatIsNotAnAlignedWordIsAborted() {
    for (int size : new int[] {1, 2, 8}) {
      assertEquals(MemTxResult.DECODE_ERROR, send(0, size, 1));
    }
    assertEquals(MemTxResult.DECODE_ERROR, send(2, 4, 1));
    assertEquals(0, noticed());
  }

  @Test
  void readsGiveZero() {
    put(file, -1);
    assertEquals(0, reader.load(bus(), FILES, 4));
    assertEquals(MemTxResult.OK, reader.lastResult());
    assertFaults(1, FILES, Access.FETCH);
  }

  @Test
  void badEntriesAreMisconfigured() {
    long low = word(table);
    long high = word(table + 8);
    for (int bit : new int[] {3, 6, 54, 62, 63}) {
      put(table, low | 1L << bit, high);
      assertFaults(263, FILES, Access.WRITE);
    }
    for (int bit : new int[] {54, 59, 61, 63}) {
      put(table, low, high | 1L << bit);
      assertFaults(263, FILES, Access.WRITE);
    }
    reset(Capabilities.ALL.without(Capabilities.MSI_MRIF));
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | table >>> 12, 0, FILES >>> 12, 0);
    put(table, low, high);
    assertFaults(263, FILES, Access.WRITE);
  }

  /** 3.2, cause 264. */
  @Test
  void aFileThatCannotBeUpdatedIsAnMrifAccessFault() {
    entry(HOLE, notice);
    assertEquals(MemTxResult.ERROR, send(0, 4, 1));
    assertEquals(new Record(264, 3, DEVICE, 0, false, false, FILES, 0), lastFault());
    entry(file, HOLE);
    assertEquals(MemTxResult.ERROR, send(4, 4, Integer.toUnsignedLong(Integer.reverseBytes(1))));
    assertEquals(new Record(264, 3, DEVICE, 0, false, false, FILES + 4, 0), lastFault());
  }

  /** 5.3, PAS. */
  @Test
  void neitherFileNorNoticeIsBeyondTheWidthOfAddresses() {
    long far = 1L << 40;
    memory.update(tx -> tx.addSubregion(board, far, memory.ram("far", Size.kib(4))));
    reset(Capabilities.ALL.withPhysicalBits(40));
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | table >>> 12, 0, FILES >>> 12, 0);
    entry(far, notice);
    assertEquals(MemTxResult.ERROR, send(0, 4, 1));
    assertEquals(new Record(264, 3, DEVICE, 0, false, false, FILES, 0), lastFault());
    entry(file, far);
    assertEquals(MemTxResult.ERROR, send(0, 4, 1));
    assertEquals(new Record(264, 3, DEVICE, 0, false, false, FILES, 0), lastFault());
    assertEquals(0, word(far));
  }

  @Test
  void aFaultOfAFileIsNotReportedWithDtf() {
    put(contextAt(DEVICE), DeviceContext.VALID | DeviceContext.DTF);
    command(3, 0);
    entry(HOLE, notice);
    assertEquals(MemTxResult.ERROR, send(0, 4, 1));
    assertNoFault();
  }

  /** Entries of this mode are not cached. */
  @Test
  void aNewEntryIsFollowedAtOnce() {
    send(0, 4, 1);
    long other = frames(1);
    entry(other, notice);
    send(0, 4, 2);
    assertEquals(2, word(file));
    assertEquals(4, word(other));
  }
}
