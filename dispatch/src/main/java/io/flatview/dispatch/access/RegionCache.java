package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.rcu.ReadSection;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A range whose leaf is looked up once in each generation.
 *
 * <p>The leaf is used only while the generation it came from is pinned: the compare in {@link #leaf} is the whole
 * validation, since numbers of generations are never used again. A leaf in a bank is looked up at each access. Confined
 * to its reader's thread.
 */
final class RegionCache implements MemoryRegionCache {

  private static final long NEVER = -1;

  private final DispatchReader reader;
  private final DispatchedSpace space;
  private final long address;
  private final long length;
  private final MemTxAttrs attributes;
  private long generation = NEVER;

  /** The leaf at the first address. */
  private PhysSection leaf;

  private MemTxResult lastResult = MemTxResult.OK;

  RegionCache(DispatchReader reader, DispatchedSpace space, long address, long length, MemTxAttrs attributes) {
    if (length <= 0) {
      throw new IllegalArgumentException("a cache of " + length + " bytes of " + space + "; ask for at least 1");
    }
    this.reader = reader;
    this.space = space;
    this.address = address;
    this.length = length;
    this.attributes = Objects.requireNonNull(attributes, "attributes");
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
    PhysSection first = leaf();
    long at = address + offset;
    if (first.readable != null && first.contains(at, size)) {
      went(MemTxResult.OK);
      return DispatchReader.load(first.readable, at + first.toOffset, size);
    }
    long value = reader.load(space, at, size, ByteOrder.LITTLE_ENDIAN, attributes);
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
    PhysSection first = leaf();
    long at = address + offset;
    if (first.writable != null && first.contains(at, size)) {
      DispatchReader.store(first.writable, at + first.toOffset, size, value);
      went(MemTxResult.OK);
    } else {
      went(reader.store(space, at, size, value, ByteOrder.LITTLE_ENDIAN, attributes));
    }
    return lastResult;
  }

  private void went(MemTxResult result) {
    if (lastResult != result) {
      lastResult = result;
    }
  }

  private PhysSection leaf() {
    long inForce = reader.generation();
    if (generation != inForce) {
      leaf = reader.leafAt(space, address);
      generation = leaf.way == null ? inForce : NEVER;
    }
    return leaf;
  }

  private void check(long offset, int size) {
    DispatchReader.checkSize(size);
    if (offset < 0 || offset > length - size) {
      throw new IndexOutOfBoundsException(size + " bytes at offset " + AddressRange.hex(offset)
          + " do not lie in the cached range " + AddressRange.hex(address) + "-"
          + AddressRange.hex(address + length - 1 & space.lastAddress()) + " of " + space);
    }
  }
}
