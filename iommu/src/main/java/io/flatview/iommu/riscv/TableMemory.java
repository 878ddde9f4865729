package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and updates the IOMMU's tables, 8 little-endian bytes at a physical address. The reader is that of the access
 * under way, so the tables and the access belong to one generation. Reads for an access are counted in the performance
 * monitor. Scratch space of one translation at a time.
 */
final class TableMemory {

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final AddressSpace memory;
  private final Capabilities capabilities;
  private final PerformanceMonitor monitor;

  /** The device and process that these tables belong to, for the monitor. */
  final PerformanceMonitor.Transaction transaction = new PerformanceMonitor.Transaction();

  private final MemorySegment peeked = MemorySegment.ofArray(new byte[8]);

  private MapReader reader;
  private boolean forAnAccess;
  private long value;

  TableMemory(AddressSpace memory, Capabilities capabilities, PerformanceMonitor monitor) {
    this.memory = memory;
    this.capabilities = capabilities;
    this.monitor = monitor;
  }

  /**
   * Sets the reader. A walk that is not by an access, but looks on behalf of notifiers, calls no device and is not
   * counted.
   */
  void use(MapReader initiator, boolean byAnAccess) {
    reader = initiator;
    forAnAccess = byAnAccess;
  }

  /** Counts an event of an access; {@code event} is a constant of {@link PerformanceMonitor}. */
  void count(int event) {
    if (forAnAccess) {
      monitor.count(event, transaction);
    }
  }

  /** Counts an event and loads 8 bytes; false if the load fails. */
  boolean load(long address, int event) {
    count(event);
    return load(address);
  }

  /** Loads 8 bytes; false if the load fails. */
  boolean load(long address) {
    if (!capabilities.reaches(address)) {
      return false;
    }
    return forAnAccess ? loadAnywhere(address) : loadFromMemory(address);
  }

  private boolean loadAnywhere(long address) {
    value = reader.load(memory, address, 8);
    return reader.lastResult().isOk();
  }

  private boolean loadFromMemory(long address) {
    boolean loaded = reader.peek(memory, address, peeked).isOk();
    value = peeked.get(WORD, 0);
    return loaded;
  }

  /** The 8 bytes that were loaded last. */
  long value() {
    return value;
  }

  /** Replaces a value if memory still holds the one that was loaded. */
  Update replace(long address, long loaded, long by) {
    if (!capabilities.reaches(address)) {
      return Update.IMPOSSIBLE;
    }
    long found = reader.compareAndExchange(memory, address, 8, loaded, by);
    if (!reader.lastResult().isOk()) {
      return Update.IMPOSSIBLE;
    }
    return found == loaded ? Update.DONE : Update.CHANGED;
  }

  /** Whether a value is in RAM that takes writes, so that a dry walk may grant what a replacement would allow. */
  boolean isReplaceable(long address) {
    return capabilities.reaches(address)
        && QueueMemory.isMemory(reader.translate(memory, address, 8, Access.WRITE), 8, Access.WRITE);
  }

  /** How an update ended. */
  enum Update {
    /** The new value is in place. */
    DONE,
    /** Another thread has changed the value since it was loaded. */
    CHANGED,
    /** The address takes no such write. */
    IMPOSSIBLE
  }

  AddressSpace space() {
    return memory;
  }
}
