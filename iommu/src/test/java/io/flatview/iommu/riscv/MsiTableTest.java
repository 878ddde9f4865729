package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
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
    assertLeads(FILES | 0b0100 << 12, FILES | 0b0100 << 12, 0x3fff);
    assertLeads(FILES + 0x1_0000, FILES + 0x1_0000, 0xffff);
  }

  @Test
  void nothingIsAnInterruptFileWithTheTableOff() {
    install(0);
    assertLeads(FILES, FILES, (1L << 56) - 1);
  }

  @Test
  void everyBadEntryIsReported() {
    reset(Capabilities.ALL.without(Capabilities.MSI_MRIF));
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

  /** AIA, "MSI PTE, basic translate mode": the second doubleword is free for software. */
  @Test
  void theSecondDoublewordOfABasicEntryIsIgnored() {
    install(1);
    for (long free : new long[] {2, -1, 1L << 63}) {
      put(table, 0x60_0000L >>> 2 | BASIC, free);
      assertLeads(FILES, 0x60_0000, 0xfff);
    }
  }

  /** 2.3.3: an interrupt file is readable and writable, and no fetch from it is granted. */
  @Test
  void aFetchFromAnInterruptFileIsAnAccessFault() {
    install(1);
    put(table, 0x60_0000L >>> 2 | BASIC, 0);
    assertFaults(1, FILES, Access.FETCH);
    put(table, 0, 0);
    assertFaults(262, FILES, Access.FETCH);
  }

  // Files in a larger leaf, 2.1.3.6 and step 18 of 2.3

  private static final long LEAF_AT = 0x2800_0000L;

  /** One file at page 5 of a leaf of 2 MiB. */
  private void fileInALeaf(long entryOfFile) {
    long root = frames(4);
    map(PagingMode.SV39, true, root, LEAF_AT, 0x20_0000, 1, LEAF);
    table = frames(1);
    put(table, entryOfFile, 0);
    put(contextAt(DEVICE), DeviceContext.VALID, SV39 | root >>> 12, 0, 0, 1L << 60 | table >>> 12, 0,
        LEAF_AT + 0x5000 >>> 12, 0);
    command(3, 0);
  }

  @Test
  void aLeafAroundAnInterruptFileIsGrantedUpToIt() {
    fileInALeaf(0x60_0000L >>> 2 | BASIC);
    long[][] blocks = {
      {0x0, 0x3fff}, {0x3000, 0x3fff}, {0x4000, 0xfff}, {0x6000, 0x1fff}, {0x8000, 0x7fff}, {0xd000, 0x7fff},
      {0x1_0000, 0xffff}, {0x10_0000, 0xf_ffff},
    };
    for (long[] block : blocks) {
      assertLeads(LEAF_AT + block[0], 0x20_0000 + block[0], block[1]);
      assertLeads(LEAF_AT + 0x5008, 0x60_0008, 0xfff);
    }
  }

  /** Whatever a reader was granted before. */
  @Test
  void noNeighbourOfAnInterruptFileTakesItsMessages() {
    fileInALeaf(0x60_0000L >>> 2 | BASIC);
    for (int page = 0; page < 512; page++) {
      reader.store(bus(), LEAF_AT + page * 0x1000L, 4, page);
      reader.store(bus(), LEAF_AT + 0x5000, 4, page);
      assertEquals(0, reader.load(system, 0x20_5000, 4));
      assertEquals(page, reader.load(system, 0x60_0000, 4));
    }
  }

  @Test
  void aWriteOverAnInterruptFileIsCutAtItsPage() {
    fileInALeaf(0x60_0000L >>> 2 | BASIC);
    byte[] bytes = new byte[0x3000];
    Arrays.fill(bytes, (byte) 7);
    assertEquals(MemTxResult.OK, reader.write(bus(), LEAF_AT + 0x4000, bytes, 0, bytes.length));
    assertEquals(0x0707_0707, reader.load(system, 0x20_4ffc, 4));
    assertEquals(0, reader.load(system, 0x20_5000, 8));
    assertEquals(0, reader.load(system, 0x20_5ff8, 8));
    assertEquals(0x0707_0707, reader.load(system, 0x60_0ffc, 4));
    assertEquals(0x0707_0707, reader.load(system, 0x20_6000, 4));
  }

  private List<IommuEvent> toldOf() {
    List<IommuEvent> told = new ArrayList<>();
    ((MemoryRegion.Iommu) bus().root()).addNotifier(
        new IommuNotifier("shadow", EnumSet.allOf(IommuEvent.Kind.class), told::add)).replay(reader);
    return told;
  }

  private IommuEvent.Map mapped(long first, long last, long to) {
    return new IommuEvent.Map(
        new AddressRange(LEAF_AT + first, LEAF_AT + last), system, to, true, true, false);
  }

  @Test
  void notifiersAreToldOfAnInterruptFileByItself() {
    fileInALeaf(0x60_0000L >>> 2 | BASIC);
    assertEquals(List.of(mapped(0, 0x4fff, 0x20_0000), mapped(0x5000, 0x5fff, 0x60_0000),
        mapped(0x6000, 0x1f_ffff, 0x20_6000)), toldOf());
  }

  /** A hole is page by page around a file, too. */
  @Test
  void anInterruptFileInAHoleIsTold() {
    fileInALeaf(0x60_0000L >>> 2 | BASIC);
    put(contextAt(DEVICE) + 8, SV39 | frames(4) >>> 12);
    command(3, 0);
    assertEquals(List.of(mapped(0x5000, 0x5fff, 0x60_0000)), toldOf());
    assertFaults(23, 0, LEAF_AT + 0x4000, Access.WRITE, LEAF_AT + 0x4000);
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
