package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;

/** The fault queue (section 3.2). The monitor guards all fields. */
final class FaultQueue extends QueueRegisters {

  static final int RECORD_SIZE = 32;

  private static final int OVERFLOW = 1 << 9;
  private static final int ERRORS = MEMORY_FAULT | OVERFLOW;

  /** True while a record is stored; faults on the way of its own stores are not reported. */
  private boolean recording;

  FaultQueue(AddressSpace memory, Capabilities capabilities, Interrupts interrupts) {
    super(new QueueMemory(memory, capabilities, RECORD_SIZE), ERRORS, Interrupts.FAULT_QUEUE,
        interrupts);
  }

  /** Reports a fault of an untranslated access, if the queue is on and has room. */
  void report(int cause, int device, int index, Access access, long iova, long iotval2, MapReader reader) {
    long process = index == ProcessIndex.NONE ? 0
        : (long) ProcessIndex.process(index) << 12 | 1L << 32 | (ProcessIndex.isSupervisor(index) ? 1L << 33 : 0);
    put(cause | process | type(TransactionType.of(access)) | (long) device << 40, iova, iotval2, reader);
    interrupts.deliver();
  }

  /** Reports a fault of the IOMMU's own access to an address. */
  void reportOwn(FaultCause cause, long address, MapReader reader) {
    put(cause.code() | type(TransactionType.NONE), address, 0, reader);
    interrupts.deliver();
  }

  private static long type(int code) {
    return (long) code << 34;
  }

  private synchronized void put(long first, long iova, long iotval2, MapReader reader) {
    if (!isOn() || (status & ERRORS) != 0 || recording) {
      return;
    }
    recording = true;
    try {
      store(first, iova, iotval2, reader);
    } finally {
      recording = false;
    }
    if ((status & INTERRUPT_ENABLE) != 0) {
      interrupts.raise(Interrupts.FAULT_QUEUE);
    }
  }

  private void store(long first, long iova, long iotval2, MapReader reader) {
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
  }

  synchronized void setHead(long index) {
    head = queue.wrap(index);
  }

  @Override
  void begin() {
    tail = 0;
  }
}
