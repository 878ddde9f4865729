package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Tables in memory as the IOMMU reads them: 8 little-endian bytes at a physical address, with the reader of the access
 * that needs them, and so of the same generation. Scratch space of one translation at a time, which also tells the
 * performance monitor what was read, and for which device.
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

  /** What finds out for notifiers is no access: it calls no device and counts as nothing. */
  void use(MapReader initiator, boolean byAnAccess) {
    reader = initiator;
    forAnAccess = byAnAccess;
  }

  /** Tells the monitor; {@code event} is one of its constants. */
  void count(int event) {
    if (forAnAccess) {
      monitor.count(event, transaction);
    }
  }

  /** Loads an entry, and counts that as an event; false if nothing answers there. */
  boolean load(long address, int event) {
    count(event);
    return load(address);
  }

  /** Loads; false if nothing answers there. */
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

  /** What was loaded last. */
  long value() {
    return value;
  }

  /** Replaces a value, if it is still the one that was loaded. */
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

  /** Whether a value could be replaced. */
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
    /** It is not memory that can be written. */
    IMPOSSIBLE
  }

  AddressSpace space() {
    return memory;
  }
}
