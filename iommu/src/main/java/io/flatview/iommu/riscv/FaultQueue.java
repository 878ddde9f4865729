package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;

/** The fault queue (section 3.2) and its registers (5.9 to 5.11 and 5.16). The monitor guards everything. */
final class FaultQueue {

  static final int RECORD_SIZE = 32;

  private static final int ENABLE = 1;
  private static final int INTERRUPT_ENABLE = 1 << 1;
  private static final int MEMORY_FAULT = 1 << 8;
  private static final int OVERFLOW = 1 << 9;
  private static final int ON = 1 << 16;

  private static final int READ = 2;
  private static final int WRITE = 3;

  private final QueueMemory queue;
  private final Interrupts interrupts;
  private int head;
  private int tail;
  private int status;

  FaultQueue(AddressSpace memory, Interrupts interrupts) {
    this.queue = new QueueMemory(memory, RECORD_SIZE);
    this.interrupts = interrupts;
  }

  /** Reports a fault of an untranslated access, if the queue is on and has room. */
  void report(int cause, int device, int index, Access access, long iova, long iotval2, MapReader reader) {
    long process = index == ProcessIndex.NONE ? 0
        : (long) ProcessIndex.process(index) << 12 | 1L << 32 | (ProcessIndex.isSupervisor(index) ? 1L << 33 : 0);
    long type = access == Access.READ ? READ : WRITE;
    put(cause | process | type << 34 | (long) device << 40, iova, iotval2, reader);
    interrupts.deliver();
  }

  private synchronized void put(long first, long iova, long iotval2, MapReader reader) {
    if ((status & ON) == 0 || (status & (MEMORY_FAULT | OVERFLOW)) != 0) {
      return;
    }
    int next = queue.wrap(tail + 1L);
    long at = queue.address(tail);
    if (next == head) {
      status |= OVERFLOW;
    } else if (!queue.isReachable(reader, at, Access.WRITE)) {
      status |= MEMORY_FAULT;
    } else {
      queue.store(reader, at, first);
      queue.store(reader, at + 8, 0);
      queue.store(reader, at + 16, iova);
      queue.store(reader, at + 24, iotval2);
      tail = next;
    }
    if ((status & INTERRUPT_ENABLE) != 0) {
      interrupts.raise(Interrupts.FAULT_QUEUE);
    }
  }

  synchronized long base() {
    return queue.register();
  }

  synchronized void setBase(long value) {
    queue.write(value);
    head = queue.wrap(head);
    tail = queue.wrap(tail);
  }

  synchronized int head() {
    return head;
  }

  synchronized void setHead(long index) {
    head = queue.wrap(index);
  }

  synchronized int tail() {
    return tail;
  }

  synchronized int status() {
    return status;
  }

  /** Switches the queue on or off, and clears the errors that are written as 1. */
  synchronized void setStatus(int written) {
    boolean wasOn = (status & ON) != 0;
    boolean on = (written & ENABLE) != 0;
    status = status & ~(written & (MEMORY_FAULT | OVERFLOW)) & (MEMORY_FAULT | OVERFLOW)
        | written & (ENABLE | INTERRUPT_ENABLE) | (on ? ON : 0);
    if (on && !wasOn) {
      tail = 0;
      status &= ~(MEMORY_FAULT | OVERFLOW);
    }
    refreshInterrupt();
  }

  /** An error that is still there is pending again. */
  synchronized void refreshInterrupt() {
    if ((status & INTERRUPT_ENABLE) != 0 && (status & (MEMORY_FAULT | OVERFLOW)) != 0) {
      interrupts.raise(Interrupts.FAULT_QUEUE);
    }
  }
}
