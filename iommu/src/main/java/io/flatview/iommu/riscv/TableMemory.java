package io.flatview.iommu.riscv;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;

/**
 * Tables in memory as the IOMMU reads them: 8 little-endian bytes at a physical address, with the reader of the access
 * that needs them, and so of the same generation.
 */
final class TableMemory {

  private final AddressSpace memory;
  private MapReader reader;
  private long value;

  TableMemory(AddressSpace memory) {
    this.memory = memory;
  }

  void use(MapReader initiator) {
    reader = initiator;
  }

  /** Loads; false if nothing answers there. */
  boolean load(long address) {
    value = reader.load(memory, address, 8);
    return reader.lastResult().isOk();
  }

  /** What was loaded last. */
  long value() {
    return value;
  }

  /** Replaces a value, if it is still the one that was loaded. */
  Update replace(long address, long loaded, long by) {
    long found = reader.compareAndExchange(memory, address, 8, loaded, by);
    if (!reader.lastResult().isOk()) {
      return Update.IMPOSSIBLE;
    }
    return found == loaded ? Update.DONE : Update.CHANGED;
  }

  /** How an update ended. */
  enum Update {
    /** The new value is in place. */
    DONE,
    /** Somebody has changed the value since it was loaded. */
    CHANGED,
    /** It is not memory that can be written. */
    IMPOSSIBLE
  }

  AddressSpace space() {
    return memory;
  }
}
