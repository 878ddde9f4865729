package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import org.junit.jupiter.api.Test;

/** MSI page tables: 2.1.3.5, 2.1.3.6 and 2.3.3. */
class MsiTableTest extends OnAnIommu {

  private static final long FILES = 0x2800_0000L;
  private static final long MASK = 0b1011;
  private static final long BASIC = 1 | 3 << 1;
  private long table;

  private void install(long mode) {
    table = frames(1);
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, mode << 60 | table >>> 12, MASK, FILES >>> 12, 0);
    command(3, 0);
  }

  /** 2.3.3, step 5: the bits of the page number under the mask count the files. */
  @Test
  void anInterruptFileIsFoundByTheBitsUnderTheMask() {
    install(1);
    for (int file = 0; file < 8; file++) {
      put(table + 16L * file, (0x60_0000L + file * 0x1000) >>> 2 | BASIC, 0);
    }
    for (int file = 0; file < 8; file++) {
      long page = (file & 3) | (file & 4) << 1;
      assertLeads(FILES | page << 12 | 0x10, 0x60_0010 + file * 0x1000, 0xfff);
    }
    assertLeads(FILES | 0b0100 << 12, FILES | 0b0100 << 12, (1L << 56) - 1);
    assertLeads(FILES + 0x1_0000, FILES + 0x1_0000, (1L << 56) - 1);
  }

  @Test
  void nothingIsAnInterruptFileWithTheTableOff() {
    install(0);
    assertLeads(FILES, FILES, (1L << 56) - 1);
  }

  @Test
  void everyBadEntryIsReported() {
    install(1);
    long[][] bad = {
      {262, 0, 0},
      {263, 1, 0},
      {263, 1 | 1 << 1, 0},
      {263, 1 | 2 << 1, 0},
      {263, BASIC | 1 << 3, 0},
      {263, BASIC | 1 << 9, 0},
      {263, BASIC | 1L << 54, 0},
      {263, BASIC | 1L << 63, 0},
      {263, BASIC, 1},
    };
    for (long[] row : bad) {
      put(table, row[1], row[2]);
      assertFaults(row[0], FILES, Access.WRITE);
    }
  }

  @Test
  void aTableInAHoleIsALoadAccessFault() {
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | HOLE >>> 12, MASK, FILES >>> 12, 0);
    command(3, 0);
    assertFaults(261, FILES, Access.WRITE);
  }

  /** 2.3, step 18 comes after the first stage. */
  @Test
  void theAddressIsThatAfterTheFirstStage() {
    install(1);
    put(table, 0x60_0000L >>> 2 | BASIC, 0);
    long root = frames(1);
    map(PagingMode.SV39, false, root, 0x9000, FILES, 0, LEAF);
    put(contextAt(DEVICE) + 24, SV39 | root >>> 12);
    command(3, 0);
    assertLeads(0x9004, 0x60_0004, 0xfff);
  }
}
