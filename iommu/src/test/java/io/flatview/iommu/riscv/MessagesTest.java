package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flatview.memory.Access;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interrupts of the IOMMU's own as messages: 5.18, 5.27 and 5.31. */
class MessagesTest extends OnAnIommu {

  private static final int FQOF = 1 << 9;

  private long mailbox;

  @BeforeEach
  void messagesAndTheFaultQueuesInterrupt() {
    reset(Capabilities.ALL.withInterrupts(InterruptGeneration.MESSAGES));
    mailbox = frames(1);
    set4(RegisterFile.FQCSR, 3);
    set4(RegisterFile.CQCSR, 3);
    set8(RegisterFile.ICVEC, 0x21);
    for (int vector = 0; vector < 4; vector++) {
      message(vector, mailbox + 8L * vector, 0x100 + vector);
    }
  }

  private void message(int vector, long address, long data) {
    set8(768 + 16 * vector, address);
    set4(768 + 16 * vector + 8, data);
  }

  private void mask(int vector, boolean masked) {
    set4(768 + 16 * vector + 12, masked ? 1 : 0);
  }

  private long sent(int vector) {
    long value = word(mailbox + 8L * vector);
    put(mailbox + 8L * vector, 0);
    return value;
  }

  private void fault() {
    assertFalse(ask(0, 0x1000, Access.READ));
  }

  @Test
  void anInterruptSendsTheMessageOfItsVectorOnce() {
    fault();
    assertEquals(0x102, sent(2));
    assertEquals(2, get4(RegisterFile.IPSR));
    fault();
    assertEquals(0, sent(2), "it is pending already");
    set4(RegisterFile.IPSR, 2);
    fault();
    assertEquals(0x102, sent(2));
    command(0, 0);
    assertEquals(0x101, sent(1));
    assertEquals(List.of(), wires);
  }

  /** 5.18: a condition that is still there makes the interrupt pending again, and that is a new message. */
  @Test
  void aConditionThatStaysSendsAnotherMessageWhenItIsClearedTooEarly() {
    for (int i = 0; i < 16; i++) {
      fault();
    }
    assertEquals(0x102, sent(2));
    set4(RegisterFile.IPSR, 2);
    assertEquals(0x102, sent(2));
    set4(RegisterFile.FQCSR, FQOF | 3);
    set4(RegisterFile.IPSR, 2);
    assertEquals(0, sent(2));
  }

  @Test
  void aMaskedMessageIsSentWhenItIsUnmasked() {
    mask(2, true);
    fault();
    assertEquals(0, sent(2));
    assertEquals(2, get4(RegisterFile.IPSR));
    mask(2, false);
    assertEquals(0x102, sent(2));
    mask(2, true);
    mask(2, false);
    assertEquals(0, sent(2));
  }

  /** 5.31: an access fault of a message is reported, with the address and no transaction. */
  @Test
  void aMessageThatCannotBeStoredIsReported() {
    message(1, HOLE, 5);
    command(0, 0);
    assertEquals(new Record(273, 0, 0, 0, false, false, HOLE, 0), lastFault());
    assertEquals(0x102, sent(2), "which is an interrupt of the fault queue");
  }

  /** One that tells of itself comes to an end. */
  @Test
  void aFaultQueuesMessageThatCannotBeStoredIsReportedOnce() {
    message(2, HOLE, 5);
    fault();
    assertEquals(2, get4(RegisterFile.FQT));
    assertEquals(273, recordAt(1).cause());
  }

  @Test
  void theTableHoldsWhatASpecificationLets() {
    reset(Capabilities.ALL.withPhysicalBits(40));
    for (int vector = 0; vector < 16; vector++) {
      set8(768 + 16 * vector, -1);
      set8(768 + 16 * vector + 8, -1);
      assertEquals((1L << 40) - 4, get8(768 + 16 * vector));
      assertEquals(0x1_ffff_ffffL, get8(768 + 16 * vector + 8));
    }
    set4(768 + 4, 0);
    assertEquals(0xffff_fffcL, get8(768));
  }

  @Test
  void theTableIsNotThereWithWiresAlone() {
    reset(Capabilities.ALL.withInterrupts(InterruptGeneration.WIRES));
    set8(768, -1);
    set8(776, -1);
    assertEquals(0, get8(768) | get8(776));
  }

  /** With both ways, software chooses. */
  @Test
  void wiresAndMessagesTakeTurns() {
    reset(Capabilities.ALL);
    message(0, mailbox, 9);
    set4(RegisterFile.FQCSR, 3);
    fault();
    assertEquals(List.of("0+"), wires);
    assertEquals(0, sent(0));
    set4(RegisterFile.IPSR, 2);
    set4(RegisterFile.FQCSR, 0);
    set4(RegisterFile.CQCSR, 0);
    set8(RegisterFile.DDTP, 0);
    set4(RegisterFile.FCTL, 0);
    set4(RegisterFile.FQCSR, 3);
    fault();
    assertEquals(9, sent(0));
    assertEquals(List.of("0+", "0-"), wires);
  }

  /** An interrupt file is a device; it may have an access of its own refused meanwhile. */
  @Test
  void aMessageMayReachADeviceWhoseOwnAccessFaults() {
    List<Long> written = new ArrayList<>();
    memory.update(tx -> tx.addSubregion(board, 0x2000_0000L, memory.mmio("imsic", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        written.add(value);
        Thread other = Thread.ofPlatform().start(() -> memory.reader().load(bus(), 0x2000, 4));
        try {
          other.join(30_000);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        assertFalse(other.isAlive(), "the fault of another thread waits for this message");
      }
    })));
    message(2, 0x2000_0000L, 7);
    bus();
    fault();
    assertEquals(List.of(7L), written);
    assertEquals(2, get4(RegisterFile.FQT));
  }
}
