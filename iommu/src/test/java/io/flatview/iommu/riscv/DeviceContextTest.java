package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.rcu.ReadSection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The device directory: 2.1 and 2.3.1, and the checks of 2.1.4. */
class DeviceContextTest extends OnAnIommu {

  private static final long V = DeviceContext.VALID;
  private static final long PDTV = DeviceContext.PDTV;

  /** A context that is wrong, as words from {@code tc} on. */
  private record Bad(String what, long... words) {}

  private static Bad bad(String what, long... words) {
    return new Bad(what, words);
  }

  /** 2.1.4, in its order; the items about ATS and endianness come down to bits that must be 0. */
  private static final List<Bad> MISCONFIGURED = List.of(
      bad("tc bit 12 is reserved", V | 1 << 12),
      bad("tc bit 23 is reserved", V | 1 << 23),
      bad("tc bit 32 is reserved", V | 1L << 32),
      bad("tc bit 63 is reserved", V | 1L << 63),
      bad("ta bit 0 is reserved", V, 0, 1),
      bad("ta bit 11 is reserved", V, 0, 1 << 11),
      bad("ta bit 32 is reserved", V, 0, 1L << 32),
      bad("RCID without QOSID", V, 0, 1L << 40),
      bad("MCID without QOSID", V, 0, 1L << 63),
      bad("iosatp bit 44 is reserved", V, 0, 0, SV39 | 1L << 44),
      bad("iosatp bit 59 is reserved", V, 0, 0, SV39 | 1L << 59),
      bad("pdtp bit 44 is reserved", V | PDTV, 0, 0, 1L << 60 | 1L << 44),
      bad("EN_ATS without ATS", V | 1 << 1),
      bad("EN_PRI without ATS", V | 1 << 2),
      bad("T2GPA without ATS", V | 1 << 3),
      bad("PRPR without ATS", V | 1 << 6),
      bad("reserved pdtp.MODE", V | PDTV, 0, 0, 4L << 60),
      bad("custom pdtp.MODE", V | PDTV, 0, 0, 14L << 60),
      bad("reserved iosatp.MODE 1", V, 0, 0, 1L << 60),
      bad("reserved iosatp.MODE 7", V, 0, 0, 7L << 60),
      bad("reserved iosatp.MODE 11", V, 0, 0, 11L << 60),
      bad("custom iosatp.MODE", V, 0, 0, 15L << 60),
      bad("DPE without PDTV", V | DeviceContext.DPE),
      bad("reserved iohgatp.MODE 1", V, 1L << 60),
      bad("reserved iohgatp.MODE 11", V, 11L << 60),
      bad("iohgatp.PPN not aligned to 16 KiB", V, SV39 | 0x1001),
      bad("iohgatp.PPN not aligned to 16 KiB", V, SV39 | 0x1002),
      bad("SBE without END", V | 1 << 10),
      bad("SXL with GXL fixed to 0", V | 1 << 11),
      bad("reserved msiptp.MODE", V, 0, 0, 0, 2L << 60),
      bad("msiptp bit 44 is reserved", V, 0, 0, 0, 1L << 60 | 1L << 44),
      bad("msi_addr_mask bit 52 is reserved", V, 0, 0, 0, 0, 1L << 52),
      bad("msi_addr_pattern bit 63 is reserved", V, 0, 0, 0, 0, 0, 1L << 63),
      bad("the last doubleword is reserved", V, 0, 0, 0, 0, 0, 0, 1));

  private void install(long... words) {
    put(contextAt(DEVICE), 0, 0, 0, 0, 0, 0, 0, 0);
    put(contextAt(DEVICE), words);
    command(3, 0);
  }

  @Test
  void everyMisconfigurationIsReported() {
    for (Bad bad : MISCONFIGURED) {
      install(bad.words());
      assertFalse(ask(0, 0x1000, Access.READ), bad.what());
      assertEquals(259, lastFault().cause(), bad.what());
      assertFaults(259, 0x1000, Access.WRITE);
    }
  }

  /** 3.2: DTF hides no fault of the directory, as no context was found. */
  @Test
  void aMisconfigurationIsReportedDespiteDtf() {
    install(V | DeviceContext.DTF | 1 << 12);
    assertFaults(259, 0, Access.READ);
  }

  @Test
  void whatIsNotAnnouncedIsAMisconfiguration() {
    long[][] needed = {
      {Capabilities.SV57, V, 0, 0, SV57},
      {Capabilities.SV57 | Capabilities.SV48, V, 0, 0, SV48},
      {Capabilities.SV57 | Capabilities.SV48 | Capabilities.SV39, V, 0, 0, SV39},
      {Capabilities.SV57X4, V, SV57, 0, 0},
      {Capabilities.SV57X4 | Capabilities.SV48X4, V, SV48, 0, 0},
      {Capabilities.SV57X4 | Capabilities.SV48X4 | Capabilities.SV39X4, V, SV39, 0, 0},
      {Capabilities.PD8, V | PDTV, 0, 0, 1L << 60},
      {Capabilities.PD17, V | PDTV, 0, 0, 2L << 60},
      {Capabilities.PD20, V | PDTV, 0, 0, 3L << 60},
      {Capabilities.AMO_HWAD, V | DeviceContext.SADE, 0, 0, 0},
      {Capabilities.AMO_HWAD, V | DeviceContext.GADE, 0, 0, 0},
    };
    for (long[] row : needed) {
      long[] words = {row[1], row[2], row[3], row[4]};
      reset(Capabilities.ALL);
      install(words);
      ask(0, 0x1000, Access.READ);
      assertTrue(get4(RegisterFile.FQT) == 0 || recordAt(0).cause() != 259);
      reset(Capabilities.ALL.without(row[0]));
      install(words);
      assertFaults(259, 0x1000, Access.READ);
    }
  }

  /** 2.1.3.1: bits 31:24 of tc are for custom use, and here of none. */
  @Test
  void customBitsAreIgnored() {
    install(V | 0xffL << 24);
    assertLeads(0x1000, 0x1000, (1L << 56) - 1);
  }

  @Test
  void aContextThatIsNotValidIsReportedWhateverElseItHolds() {
    install(-2, -1, -1, -1, -1, -1, -1, -1);
    assertFaults(258, 0x1000, Access.READ);
  }

  @Test
  void everythingIsRefusedWhileTheIommuIsOff() {
    install(V);
    set8(RegisterFile.DDTP, 0);
    assertFaults(256, 0x1000, Access.READ);
    assertFaults(256, RiscvIommu.index(3, false), 0x1000, Access.WRITE, 0);
  }

  @Test
  void aDirectoryInAHoleIsALoadAccessFault() {
    set8(RegisterFile.DDTP, HOLE >>> 2 | 2);
    assertFaults(257, 0x1000, Access.READ);
    set8(RegisterFile.DDTP, 0);
    set8(RegisterFile.DDTP, HOLE >>> 2 | 4);
    assertFaults(257, 0x1000, Access.WRITE);
  }

  // Levels

  private void directoryOf(int levels) {
    set8(RegisterFile.DDTP, 0);
    set8(RegisterFile.DDTP, directory >>> 2 | levels + 1);
  }

  private void askFor(int id, long... expectedCause) {
    device = iommu.translator(id);
    if (expectedCause.length == 0) {
      assertLeads(0x1000, 0x1000, (1L << 56) - 1);
    } else {
      assertFalse(ask(0, 0x1000, Access.READ));
      Record fault = lastFault();
      assertEquals(expectedCause[0], fault.cause());
      assertEquals(id, fault.device());
    }
  }

  /** 2.1: 6, 9 and 9 bits with extended contexts. */
  @Test
  void theExtendedDirectoryIsIndexedBySixNineAndNineBits() {
    reset(Capabilities.ALL);
    checkLevels(6, 64, 9);
  }

  /** 2.1: 7, 9 and 8 bits with base contexts. */
  @Test
  void theBaseDirectoryIsIndexedBySevenNineAndEightBits() {
    reset(Capabilities.ALL.without(Capabilities.MSI_FLAT));
    checkLevels(7, 32, 8);
  }

  private void checkLevels(int leafBits, int size, int rootBits) {
    int id = 0b101 << leafBits + 9 | 0b1_0000_0011 << leafBits | 0b11;
    int two = id & (1 << leafBits + 9) - 1;
    int one = id & (1 << leafBits) - 1;
    put(directory + (long) size * one, V);
    directoryOf(1);
    askFor(one);
    askFor(two, 260);
    directoryOf(2);
    put(directory + 8L * 0b1_0000_0011, 0);
    askFor(two, 258);
    long leaf = frames(1);
    put(directory + 8L * 0b1_0000_0011, leaf >>> 2 | 1);
    put(leaf + (long) size * one, V);
    askFor(two);
    askFor(id, 260);
    directoryOf(3);
    long middle = frames(1);
    put(directory + 8L * 0b101, middle >>> 2 | 1);
    put(middle + 8L * 0b1_0000_0011, leaf >>> 2 | 1);
    askFor(id);
    askFor((1 << leafBits + 9 + rootBits) - 1, 258);
  }

  /** 2.1.1: bits 9:1 and 63:54 of a non-leaf entry are reserved. */
  @Test
  void aReservedBitInADirectorysPointerIsAMisconfiguration() {
    directoryOf(2);
    long leaf = frames(1);
    put(leaf + 64L * DEVICE, V);
    for (int bit : new int[] {1, 5, 9, 54, 63}) {
      put(directory, leaf >>> 2 | 1 | 1L << bit);
      assertFaults(259, 0x1000, Access.READ);
    }
    put(directory, leaf >>> 2 | 1);
    assertLeads(0x1000, 0x1000, (1L << 56) - 1);
    put(directory, HOLE >>> 2 | 1);
    command(3, 0);
    assertFaults(257, 0x1000, Access.READ);
  }

  /** 2.3, step 7. */
  @Test
  void aProcessWithoutAProcessDirectoryIsDisallowed() {
    install(V);
    assertFaults(260, RiscvIommu.index(0, false), 0x1000, Access.READ, 0);
  }

  @Test
  void aContextStaysInForceUntilItIsInvalidated() {
    install(V);
    assertLeads(0x1000, 0x1000, (1L << 56) - 1);
    put(contextAt(DEVICE), 0);
    assertLeads(0x1000, 0x1000, 0x1f_ffff);
    command(3 | 1L << 33 | (long) DEVICE << 40, 0);
    assertFaults(258, 0x1000, Access.READ);
  }

  @Test
  void aDeviceHasItsNumberAndNoOtherIsTaken() {
    assertThrows(IllegalArgumentException.class, () -> iommu.translator(-1));
    assertThrows(IllegalArgumentException.class, () -> iommu.translator(1 << 24));
    assertThrows(IllegalArgumentException.class, () -> RiscvIommu.index(1 << 20, false));
    assertThrows(IllegalArgumentException.class, () -> new Capabilities(Capabilities.SV48));
    assertThrows(IllegalArgumentException.class, () -> new Capabilities(1L << 25));
  }

  /** A reader that has loaded ddtp, and looks into the directory after another register was written. */
  @Test
  void aContextThatWasFoundByAnOldRegisterIsNotKept() {
    context(DeviceContext.VALID | DeviceContext.DTF, 0, 0, 0);
    DeviceDirectory found = iommu.directory();
    long generation = found.generation();
    long ddtp = found.ddtp();
    long other = frames(1);
    put(other + 64L * DEVICE, DeviceContext.VALID, 0, 0, 0, 0, 0, 0, 0);
    set8(RegisterFile.DDTP, other >>> 2 | 2);
    TableMemory tables = new TableMemory(system, Capabilities.ALL, iommu.monitor());
    try (ReadSection _ = reader.enter()) {
      tables.use(reader, true);
      DeviceContext old = ((Device) device).context(found, generation, ddtp, tables, new Fault());
      assertTrue(old.has(DeviceContext.DTF));
      DeviceContext present =
          ((Device) device).context(found, found.generation(), found.ddtp(), tables, new Fault());
      assertFalse(present.has(DeviceContext.DTF));
    }
  }
}
