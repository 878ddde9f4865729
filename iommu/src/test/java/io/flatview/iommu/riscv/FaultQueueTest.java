package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flatview.memory.Access;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fault queue: 3.2, and its registers 5.9 to 5.11 and 5.16. Causes are tested where they arise. */
class FaultQueueTest extends OnAnIommu {

  private static final int FQMF = 1 << 8;
  private static final int FQOF = 1 << 9;

  private void fault() {
    assertFalse(ask(0, 0x1000, Access.READ));
  }

  private void assertStatus(int bits) {
    assertEquals(bits, get4(RegisterFile.FQCSR) & 0x300);
  }

  /** 3.2, the record's layout, bit by bit. */
  @Test
  void aRecordHasTheLayoutOfTheSpecification() {
    put(contextAt(DEVICE), DeviceContext.VALID | DeviceContext.PDTV, 0, 0, 1L << 60 | HOLE >>> 12);
    command(3, 0);
    assertFalse(ask(RiscvIommu.index(0xab, true), 0x1234_5678_9abcL, Access.WRITE));
    assertEquals(265 | 0xabL << 12 | 1L << 32 | 1L << 33 | 3L << 34 | (long) DEVICE << 40, word(faultQueue));
    assertEquals(0, word(faultQueue + 8));
    assertEquals(0x1234_5678_9abcL, word(faultQueue + 16));
    assertEquals(0, word(faultQueue + 24));
  }

  @Test
  void aFullQueueOverflowsAndIsSilentUntilItIsCleared() {
    for (int i = 0; i < 16; i++) {
      fault();
    }
    assertEquals(15, get4(RegisterFile.FQT));
    assertStatus(FQOF);
    set4(RegisterFile.FQH, 5);
    fault();
    assertEquals(15, get4(RegisterFile.FQT));
    set4(RegisterFile.FQCSR, FQOF | 1);
    assertStatus(0);
    fault();
    assertEquals(0, get4(RegisterFile.FQT));
  }

  @Test
  void aQueueInAHoleIsAMemoryFault() {
    set4(RegisterFile.FQCSR, 0);
    set8(RegisterFile.FQB, HOLE >>> 2 | 3);
    set4(RegisterFile.FQCSR, 1);
    fault();
    assertStatus(FQMF);
    assertEquals(0, get4(RegisterFile.FQT));
  }

  /** A device's registers would be called with the queue's monitor held. */
  @Test
  void aQueueThatIsNotInRamIsAMemoryFault() {
    memory.update(tx -> tx.addSubregion(board, 0x1000_0000L,
        memory.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers())));
    set4(RegisterFile.FQCSR, 0);
    set8(RegisterFile.FQB, 0x1000_0000L >>> 2 | 3);
    set4(RegisterFile.FQCSR, 1);
    fault();
    assertStatus(FQMF);
  }

  @Test
  void aQueueThatIsOffRecordsNothing() {
    set4(RegisterFile.FQCSR, 0);
    fault();
    assertEquals(0, get4(RegisterFile.FQT));
    assertStatus(0);
  }

  /** 5.18: a new record is pending once; an error is pending as long as it is there. */
  @Test
  void recordsAndErrorsRaiseTheWire() {
    set4(RegisterFile.FQCSR, 3);
    set8(RegisterFile.ICVEC, 9 << 4);
    fault();
    assertEquals(2, get4(RegisterFile.IPSR));
    set4(RegisterFile.IPSR, 2);
    assertEquals(0, get4(RegisterFile.IPSR));
    for (int i = 0; i < 16; i++) {
      fault();
    }
    set4(RegisterFile.IPSR, 2);
    assertEquals(2, get4(RegisterFile.IPSR));
    set4(RegisterFile.FQCSR, FQOF | 3);
    set4(RegisterFile.IPSR, 2);
    assertEquals(0, get4(RegisterFile.IPSR));
    assertEquals(List.of("9+", "9-"), wires.stream().distinct().toList());
  }

  @Test
  void theWireFollowsItsVector() {
    set4(RegisterFile.FQCSR, 3);
    fault();
    set8(RegisterFile.ICVEC, 2 << 4);
    assertEquals(List.of("0+", "0-", "2+"), wires);
  }

  @Test
  void withoutFieNothingIsPending() {
    fault();
    assertEquals(0, get4(RegisterFile.IPSR));
    assertEquals(List.of(), wires);
  }
}
