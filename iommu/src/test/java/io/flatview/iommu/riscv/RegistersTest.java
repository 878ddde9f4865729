package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemTxResult;
import org.junit.jupiter.api.Test;

/** The registers: chapter 5. */
class RegistersTest extends OnAnIommu {

  /** 5.3: version 1.0, wired interrupts, 56 bits, and the features. */
  @Test
  void theCapabilitiesAreAnnounced() {
    assertEquals(0x10 | 1L << 28 | 56L << 32 | 7 << 9 | 7 << 17 | 1 << 22 | 1 << 24 | 7L << 38,
        get8(RegisterFile.CAPABILITIES));
    set8(RegisterFile.CAPABILITIES, 0);
    assertEquals(0x10, get4(RegisterFile.CAPABILITIES) & 0xff);
    assertEquals(get8(RegisterFile.CAPABILITIES) >>> 32, get4(RegisterFile.CAPABILITIES + 4));
  }

  /** 5.4: WSI is fixed to 1, BE and GXL to 0. */
  @Test
  void theFeaturesAreFixed() {
    set4(RegisterFile.FCTL, -1);
    assertEquals(2, get4(RegisterFile.FCTL));
  }

  /** 5.5: reserved modes cannot be written; reserved bits read 0. */
  @Test
  void theDirectoryPointerTakesLegalModesOnly() {
    set8(RegisterFile.DDTP, 0);
    for (int mode = 0; mode <= 4; mode++) {
      set8(RegisterFile.DDTP, 0x123L << 10 | mode);
      assertEquals(0x123L << 10 | mode, get8(RegisterFile.DDTP));
    }
    for (int mode = 5; mode < 16; mode++) {
      set8(RegisterFile.DDTP, 0x123L << 10 | mode);
      assertEquals(0x123L << 10 | 4, get8(RegisterFile.DDTP));
    }
    set8(RegisterFile.DDTP, -1L << 4 | 3);
    assertEquals(DeviceContext.PPN << 10 | 3, get8(RegisterFile.DDTP));
  }

  @Test
  void halvesOfARegisterCanBeWritten() {
    set8(RegisterFile.DDTP, 0);
    set4(RegisterFile.DDTP + 4, 0x12);
    set4(RegisterFile.DDTP, 0x400 | 3);
    assertEquals(0x12_0000_0403L, get8(RegisterFile.DDTP));
    set4(RegisterFile.CQB + 4, 1);
    assertEquals(1, get4(RegisterFile.CQB + 4));
  }

  /** 5.6 and 5.9: bits 9:5 and 63:54 are reserved. */
  @Test
  void reservedBitsOfQueueBasesReadZero() {
    set8(RegisterFile.CQB, -1);
    assertEquals(DeviceContext.PPN << 10 | 0x1f, get8(RegisterFile.CQB));
    set8(RegisterFile.FQB, -1);
    assertEquals(DeviceContext.PPN << 10 | 0x1f, get8(RegisterFile.FQB));
  }

  @Test
  void headsAndTailsOfTheIommuCannotBeWritten() {
    set4(RegisterFile.CQH, 3);
    set4(RegisterFile.FQT, 3);
    assertEquals(0, get4(RegisterFile.CQH));
    assertEquals(0, get4(RegisterFile.FQT));
  }

  /** 5.27: as many vectors as causes that exist. */
  @Test
  void theVectorsOfCausesThatExistCanBeWritten() {
    set8(RegisterFile.ICVEC, -1);
    assertEquals(0xff, get8(RegisterFile.ICVEC));
  }

  /** Chapter 5: registers of what is not announced read 0, and writes to them are ignored. */
  @Test
  void whatIsNotAnnouncedReadsZero() {
    for (int offset = 0; offset < 4096; offset += 4) {
      boolean known = offset < 56 || offset >= 72 && offset < 80 || offset == 84 || offset >= 760 && offset < 768;
      if (!known) {
        set4(offset, -1);
        assertEquals(0, get4(offset), "offset " + offset);
      }
    }
  }

  @Test
  void oddAccessesReadZeroAndWriteNothing() {
    assertEquals(0, iommu.registers().read(1, 1));
    assertEquals(0, iommu.registers().read(2, 4));
    assertEquals(0, iommu.registers().read(4, 8));
    iommu.registers().write(RegisterFile.DDTP, 2, 0);
    assertEquals(2, get4(RegisterFile.DDTP) & 0xf);
  }

  @Test
  void theGuestFindsThemInMemory() {
    memory.update(tx -> tx.addSubregion(board, 0x1000_0000L,
        memory.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers())));
    assertEquals(get8(0), reader.load(system, 0x1000_0000L, 8));
    assertEquals(MemTxResult.OK, reader.store(system, 0x1000_0000L + RegisterFile.ICVEC, 4, 0x21));
    assertEquals(0x21, get4(RegisterFile.ICVEC));
  }
}
