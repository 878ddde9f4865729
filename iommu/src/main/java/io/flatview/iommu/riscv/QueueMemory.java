package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;

/**
 * The base and the size of a queue in memory (sections 5.6 and 5.9), which must be RAM: a device there would be called
 * with the queue's monitor held, and could wait for it.
 */
final class QueueMemory {

  private static final long LOG2_SIZE = 0x1f;

  private final AddressSpace memory;
  private final Capabilities capabilities;
  private final int entrySize;
  private final long pages;
  private long register;

  QueueMemory(AddressSpace memory, Capabilities capabilities, int entrySize) {
    this.memory = memory;
    this.capabilities = capabilities;
    this.pages = capabilities.registerPages();
    this.entrySize = entrySize;
  }

  long register() {
    return register;
  }

  void write(long value) {
    register = value & (pages | LOG2_SIZE);
  }

  /** The bits of an index that the size of the queue allows; software cannot write the others. */
  int wrap(long index) {
    return (int) (index & (2L << (register & LOG2_SIZE)) - 1);
  }

  long address(int index) {
    return ((register & pages) << 2) + Integer.toUnsignedLong(index) * entrySize;
  }

  /** Whether a whole entry can be read or written. */
  boolean isReachable(MapReader reader, long address, Access access) {
    return capabilities.reaches(address)
        && isMemory(reader.translate(memory, address, entrySize, access), entrySize, access);
  }

  /** Whether a translation has {@code size} bytes of RAM that takes the access. */
  static boolean isMemory(Translation at, int size, Access access) {
    return at.length() == size && at.section().region() instanceof MemoryRegion.Ram
        && !(access.writes() && at.section().attributes().readOnly());
  }

  long load(MapReader reader, long address) {
    return reader.load(memory, address, 8);
  }

  void store(MapReader reader, long address, long value) {
    reader.store(memory, address, 8, value);
  }
}
