package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;

/**
 * The base and the size of a queue in memory (sections 5.6 and 5.9), which must be RAM: a device that the queue's own
 * accesses would call could wait for what the queue holds.
 */
final class QueueMemory {

  private static final long LOG2_SIZE = 0x1f;
  private static final long PPN = DeviceContext.PPN << 10;

  private final AddressSpace memory;
  private final int entrySize;
  private long register;

  QueueMemory(AddressSpace memory, int entrySize) {
    this.memory = memory;
    this.entrySize = entrySize;
  }

  long register() {
    return register;
  }

  void write(long value) {
    register = value & (PPN | LOG2_SIZE);
  }

  /** An index in the queue; further bits cannot be written. */
  int wrap(long index) {
    return (int) (index & (2L << (register & LOG2_SIZE)) - 1);
  }

  long address(int index) {
    return ((register & PPN) << 2) + Integer.toUnsignedLong(index) * entrySize;
  }

  /** Whether a whole entry can be read or written. */
  boolean isReachable(MapReader reader, long address, Access access) {
    Translation at = reader.translate(memory, address, entrySize, access);
    return at.length() == entrySize && at.section().region() instanceof MemoryRegion.Ram
        && !(access == Access.WRITE && at.section().attributes().readOnly());
  }

  long load(MapReader reader, long address) {
    return reader.load(memory, address, 8);
  }

  void store(MapReader reader, long address, long value) {
    reader.store(memory, address, 8, value);
  }
}
