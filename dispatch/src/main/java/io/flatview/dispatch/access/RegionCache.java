package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;

/**
 * A range that is translated once in each generation.
 *
 * <p>The memory is used only while the generation they came from is pinned: the compare in {@link #isFresh} is the
 * whole validation, since numbers of generations are never used again. Confined to its reader's thread.
 */
final class RegionCache implements MemoryRegionCache {

  /** Memory at the start of the range that one kind of access reaches at once. */
  private static final class Direct {
    RamBlock memory;
    long start;
    long length;

    boolean holds(long offset, int size) {
      return offset <= length - size;
    }
  }

  private static final long NEVER = -1;

  private final DispatchReader reader;
  private final DispatchedSpace space;
  private final long address;
  private final long length;
  private final Direct reads = new Direct();
  private final Direct writes = new Direct();
  private long generation = NEVER;
  private MemTxResult lastResult = MemTxResult.OK;

  RegionCache(DispatchReader reader, DispatchedSpace space, long address, long length) {
    if (length <= 0) {
      throw new IllegalArgumentException("a cache of " + length + " bytes of " + space + "; ask for at least 1");
    }
    this.reader = reader;
    this.space = space;
    this.address = address;
    this.length = length;
  }

  @Override
  public AddressSpace addressSpace() {
    return space;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public MemTxResult lastResult() {
    return lastResult;
  }

  @Override
  public long load(long offset, int size) {
    check(offset, size);
    if (reader.isInside()) {
      return loadInside(offset, size);
    }
    try (ReadSection _ = reader.enter()) {
      return loadInside(offset, size);
    }
  }

  private long loadInside(long offset, int size) {
    if (!isFresh()) {
      translate();
    }
    if (reads.holds(offset, size)) {
      went(MemTxResult.OK);
      return DispatchReader.load(reads.memory, reads.start + offset, size);
    }
    long value = reader.load(space, address + offset, size);
    went(reader.lastResult());
    return value;
  }

  @Override
  public MemTxResult store(long offset, int size, long value) {
    check(offset, size);
    if (reader.isInside()) {
      return storeInside(offset, size, value);
    }
    try (ReadSection _ = reader.enter()) {
      return storeInside(offset, size, value);
    }
  }

  private MemTxResult storeInside(long offset, int size, long value) {
    if (!isFresh()) {
      translate();
    }
    if (writes.holds(offset, size)) {
      DispatchReader.store(writes.memory, writes.start + offset, size, value);
      went(MemTxResult.OK);
    } else {
      went(reader.store(space, address + offset, size, value));
    }
    return lastResult;
  }

  private void went(MemTxResult result) {
    if (lastResult != result) {
      lastResult = result;
    }
  }

  private boolean isFresh() {
    return reader.generation() == generation;
  }

  private void translate() {
    reach(reads, Access.READ);
    reach(writes, Access.WRITE);
    generation = reader.generation();
  }

  private void reach(Direct direct, Access access) {
    Translation translation = reader.translate(space, address, length, access);
    direct.memory = reader.direct(access);
    direct.start = translation.offset();
    direct.length = direct.memory == null ? 0 : translation.length();
  }

  private void check(long offset, int size) {
    DispatchReader.checkSize(size);
    if (offset < 0 || offset > length - size) {
      throw new IndexOutOfBoundsException(size + " bytes at offset " + AddressRange.hex(offset)
          + " do not lie in the cached range " + new AddressRange(address, address + length - 1) + " of " + space);
    }
  }
}
