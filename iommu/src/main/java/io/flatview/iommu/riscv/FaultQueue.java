package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;

/** The fault queue (section 3.2). The monitor guards everything. */
final class FaultQueue extends QueueRegisters {

  static final int RECORD_SIZE = 32;

  private static final int OVERFLOW = 1 << 9;
  private static final int ERRORS = MEMORY_FAULT | OVERFLOW;

  private static final int READ = 2;
  private static final int WRITE = 3;

  FaultQueue(AddressSpace memory, Interrupts interrupts) {
    super(memory, RECORD_SIZE, ERRORS, Interrupts.FAULT_QUEUE, interrupts);
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
    if (!isOn() || (status & ERRORS) != 0) {
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

  synchronized void setHead(long index) {
    head = queue.wrap(index);
  }

  @Override
  void begin() {
    tail = 0;
  }
}
