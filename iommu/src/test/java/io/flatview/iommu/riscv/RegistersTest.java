package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.MemTxResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The registers: chapter 5. */
class RegistersTest extends OnAnIommu {

  /** 5.3: version 1.0, wires and messages, 56 bits, and the features. */
  @Test
  void theCapabilitiesAreAnnounced() {
    assertEquals(0x10 | 2L << 28 | 56L << 32 | 7 << 9 | 1 << 15 | 7 << 17 | 15L << 21 | 3L << 30 | 7L << 38,
        get8(RegisterFile.CAPABILITIES));
    set8(RegisterFile.CAPABILITIES, 0);
    assertEquals(0x10, get4(RegisterFile.CAPABILITIES) & 0xff);
    assertEquals(get8(RegisterFile.CAPABILITIES) >>> 32, get4(RegisterFile.CAPABILITIES + 4));
  }

  private void switchOff() {
    set8(RegisterFile.DDTP, 0);
    set4(RegisterFile.CQCSR, 0);
    set4(RegisterFile.FQCSR, 0);
  }

  /** 5.4: WSI can be chosen, BE and GXL are fixed to 0. */
  @Test
  void interruptsCanBeWiresOrMessages() {
    switchOff();
    set4(RegisterFile.FCTL, 0);
    assertEquals(0, get4(RegisterFile.FCTL));
    set4(RegisterFile.FCTL, -1);
    assertEquals(2, get4(RegisterFile.FCTL));
  }

  /** 5.4 leaves open what becomes of a change while the IOMMU or a queue is on: none. */
  @Test
  void theFeaturesStandWhileTheIommuIsOn() {
    set4(RegisterFile.FCTL, 0);
    assertEquals(2, get4(RegisterFile.FCTL));
    set8(RegisterFile.DDTP, 0);
    set4(RegisterFile.FCTL, 0);
    assertEquals(2, get4(RegisterFile.FCTL));
  }

  @Test
  void oneWayOfInterruptsIsFixed() {
    for (InterruptGeneration way : List.of(InterruptGeneration.WIRES, InterruptGeneration.MESSAGES)) {
      reset(Capabilities.ALL.withInterrupts(way));
      switchOff();
      int fixed = way == InterruptGeneration.WIRES ? 2 : 0;
      set4(RegisterFile.FCTL, 2 - fixed);
      assertEquals(fixed, get4(RegisterFile.FCTL));
      assertEquals(way.ordinal(), get8(RegisterFile.CAPABILITIES) >>> 28 & 3);
    }
  }

  /** 5.3: the second stage's modes do not need each other, and physical addresses may be narrower. */
  @Test
  void capabilitiesAreAsFreeAsTheSpecification() {
    reset(new Capabilities(Capabilities.SV57X4, 40, InterruptGeneration.WIRES));
    assertEquals(0x10 | 1L << 19 | 1L << 28 | 40L << 32, get8(RegisterFile.CAPABILITIES));
    for (int bits : new int[] {31, 57}) {
      assertThrows(IllegalArgumentException.class, () -> Capabilities.ALL.withPhysicalBits(bits));
    }
  }

  /** 5.5, 5.6 and 5.9: page numbers are as wide as physical addresses. */
  @Test
  void pageNumbersAreAsWideAsPhysicalAddresses() {
    reset(Capabilities.ALL.withPhysicalBits(34));
    switchOff();
    set8(RegisterFile.DDTP, -1L << 10);
    set8(RegisterFile.CQB, -1);
    set8(RegisterFile.FQB, -1);
    assertEquals((1L << 22) - 1 << 10, get8(RegisterFile.DDTP));
    assertEquals((1L << 22) - 1 << 10 | 0x1f, get8(RegisterFile.CQB));
    assertEquals((1L << 22) - 1 << 10 | 0x1f, get8(RegisterFile.FQB));
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
    assertEquals(0xfff, get8(RegisterFile.ICVEC));
    reset(Capabilities.ALL.without(Capabilities.HPM));
    set8(RegisterFile.ICVEC, -1);
    assertEquals(0xff, get8(RegisterFile.ICVEC));
  }

  /** Chapter 5: registers of what is not announced read 0, and writes to them are ignored. */
  @Test
  void whatIsNotAnnouncedReadsZero() {
    reset(Capabilities.ALL.without(Capabilities.HPM | Capabilities.DBG).withInterrupts(InterruptGeneration.WIRES));
    for (int offset = 0; offset < 4096; offset += 4) {
      boolean known = offset < 56 || offset >= 72 && offset < 80 || offset == 84 || offset >= 760 && offset < 768;
      if (!known) {
        set4(offset, -1);
        assertEquals(0, get4(offset), "offset " + offset);
      }
    }
  }

  /** Chapter 5 leaves open what becomes of them: the bus refuses them. */
  @Test
  void oddAccessesAreRefused() {
    memory.update(tx -> tx.addSubregion(board, 0x1000_0000L,
        memory.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers())));
    int[][] odd = {{1, 1}, {0, 2}, {2, 4}, {4, 8}, {RegisterFile.DDTP, 1}, {RegisterFile.DDTP, 2}};
    for (int[] access : odd) {
      assertEquals(0, reader.load(system, 0x1000_0000L + access[0], access[1]));
      assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
      assertEquals(MemTxResult.DECODE_ERROR, reader.store(system, 0x1000_0000L + access[0], access[1], 0));
    }
    assertEquals(2, get4(RegisterFile.DDTP) & 0xf);
    assertEquals(0, iommu.registers().read(1, 1), "and no less by another way");
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
