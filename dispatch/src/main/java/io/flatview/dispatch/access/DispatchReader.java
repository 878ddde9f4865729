package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.HostMemory;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * A reader of the map: loads and stores. What memory that nobody observes serves is done here, everything else by
 * {@code SlowAccess}. Sections and lookups are those of {@code LookupReader}.
 *
 * <p>An access outside any section has one of its own. What devices left to commit is committed when the access has
 * ended, and its own section with it; within a section of the user's, when the access has ended.
 */
public final class DispatchReader extends LookupReader {

  private static final MemTxAttrs DEBUGGER = MemTxAttrs.UNSPECIFIED.asDebug();

  private final SlowAccess slow;
  private final BulkAccess bulk;

  /** Whether the present section is that of one access. */
  private boolean own;

  /**
   * A reader outside any section.
   *
   * @param rcu registered with the policy through which generations are retired
   * @param generations the pointer to the generation in force
   * @param chains which devices each thread is in
   * @param hopLimit how many IOMMUs a translation may pass
   * @param implicit whether the reader belongs to its thread and must not be closed
   */
  public DispatchReader(
      Reader rcu, RcuReference<Generation> generations, AccessChains chains, int hopLimit, boolean implicit) {
    super(rcu, generations, hopLimit, implicit);
    this.slow = new SlowAccess(chains, this, translation, marks);
    this.bulk = new BulkAccess(this, slow);
  }

  @Override
  public long load(AddressSpace space, long address, int size) {
    if (depth != 0) {
      return loadInside(space, address, size, MemTxAttrs.UNSPECIFIED);
    }
    return loadOutside(space, address, size, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public long load(AddressSpace space, long address, int size, ByteOrder order, MemTxAttrs attributes) {
    long value = depth != 0
        ? loadInside(space, address, size, attributes)
        : loadOutside(space, address, size, attributes);
    return order == ByteOrder.LITTLE_ENDIAN ? value : LittleEndian.reversed(value, size);
  }

  private long loadOutside(AddressSpace space, long address, int size, MemTxAttrs attributes) {
    enterOwn();
    try {
      return loadInside(space, address, size, attributes);
    } finally {
      leaveOwn();
    }
  }

  /** A section for one access. */
  private void enterOwn() {
    enterOutermost();
    depth = 1;
    own = true;
  }

  private void leaveOwn() {
    own = false;
    leave();
    slow.settle();
  }

  /** At the end of an access in a section of the user's. */
  private void settle() {
    if (!own) {
      slow.settle();
    }
  }

  private long loadInside(AddressSpace space, long address, int size, MemTxAttrs attributes) {
    checkSize(size);
    slow.begin(attributes);
    PhysSection leaf = leafAt(space, address);
    RamBlock memory = leaf.readable;
    return memory != null && holds(leaf, address, size)
        ? load(memory, address + leaf.toOffset, size)
        : loadSlowly(space, leaf, address, size);
  }

  /** Whether all bytes of an access that begins in a leaf's section are in it. */
  private static boolean holds(PhysSection leaf, long address, int size) {
    return Long.compareUnsigned(size - 1, leaf.last - address) <= 0;
  }

  static long load(RamBlock memory, long offset, int size) {
    long host = memory.address();
    return host != 0 ? HostMemory.get(host + offset, size) : LittleEndian.get(memory.segment(), offset, size);
  }

  private long loadSlowly(AddressSpace space, PhysSection leaf, long address, int size) {
    try {
      PhysSection found = arrive(leaf, address, size, Access.READ);
      return translation.length() == size ? loadFrom(found, size) : loadBytes(space, address, size);
    } finally {
      settle();
    }
  }

  private long loadFrom(PhysSection leaf, int size) {
    return leaf.readable != null
        ? load(leaf.readable, translation.offset(), size)
        : slow.load(leaf, translation.offset(), size);
  }

  private long loadBytes(AddressSpace space, long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      PhysSection leaf = arrive(leafAt(space, address + i), address + i, 1, Access.READ);
      value |= loadFrom(leaf, 1) << (8 * i);
    }
    return value;
  }

  @Override
  public MemTxResult store(AddressSpace space, long address, int size, long value) {
    if (depth != 0) {
      return storeInside(space, address, size, value, MemTxAttrs.UNSPECIFIED);
    }
    return storeOutside(space, address, size, value, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public MemTxResult store(
      AddressSpace space, long address, int size, long value, ByteOrder order, MemTxAttrs attributes) {
    checkSize(size);
    long placed = order == ByteOrder.LITTLE_ENDIAN ? value : LittleEndian.reversed(value, size);
    return depth != 0
        ? storeInside(space, address, size, placed, attributes)
        : storeOutside(space, address, size, placed, attributes);
  }

  private MemTxResult storeOutside(
      AddressSpace space, long address, int size, long value, MemTxAttrs attributes) {
    enterOwn();
    try {
      return storeInside(space, address, size, value, attributes);
    } finally {
      leaveOwn();
    }
  }

  private MemTxResult storeInside(
      AddressSpace space, long address, int size, long value, MemTxAttrs attributes) {
    checkSize(size);
    slow.begin(attributes);
    PhysSection leaf = leafAt(space, address);
    RamBlock memory = leaf.writable;
    if (memory != null && holds(leaf, address, size)) {
      store(memory, address + leaf.toOffset, size, value);
      return MemTxResult.OK;
    }
    return storeSlowly(space, leaf, address, size, value);
  }

  static void store(RamBlock memory, long offset, int size, long value) {
    long host = memory.address();
    if (host != 0) {
      HostMemory.set(host + offset, size, value);
    } else {
      LittleEndian.set(memory.segment(), offset, size, value);
    }
  }

  private MemTxResult storeSlowly(AddressSpace space, PhysSection leaf, long address, int size, long value) {
    try {
      PhysSection found = arrive(leaf, address, size, Access.WRITE);
      if (translation.length() == size) {
        storeTo(found, size, value & LittleEndian.mask(size));
      } else {
        storeBytes(space, address, size, value);
      }
      return slow.result();
    } finally {
      settle();
    }
  }

  private void storeTo(PhysSection leaf, int size, long value) {
    if (leaf.writable != null) {
      store(leaf.writable, translation.offset(), size, value);
    } else {
      slow.store(leaf, translation.offset(), size, value);
    }
  }

  private void storeBytes(AddressSpace space, long address, int size, long value) {
    for (int i = 0; i < size; i++) {
      PhysSection leaf = arrive(leafAt(space, address + i), address + i, 1, Access.WRITE);
      storeTo(leaf, 1, value >>> (8 * i) & 0xff);
    }
  }

  static void checkSize(int size) {
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      throw new IllegalArgumentException("an access of " + size + " bytes; 1, 2, 4 and 8 are possible");
    }
  }

  @Override
  public MemoryRegionCache cache(AddressSpace space, long address, long length) {
    return new RegionCache(this, dispatched(space), address, length);
  }

  // Transfers of any length

  @Override
  public MemTxResult read(AddressSpace space, long address, MemorySegment into, MemTxAttrs attributes) {
    begin(attributes);
    try {
      bulk.read(space, address, into, false);
      return slow.result();
    } finally {
      end();
    }
  }

  @Override
  public MemTxResult write(AddressSpace space, long address, MemorySegment from, MemTxAttrs attributes) {
    begin(attributes);
    try {
      bulk.write(space, address, from);
      return slow.result();
    } finally {
      end();
    }
  }

  @Override
  public MemTxResult fill(AddressSpace space, long address, long length, byte value, MemTxAttrs attributes) {
    begin(attributes);
    try {
      bulk.fill(space, address, length, value);
      return slow.result();
    } finally {
      end();
    }
  }

  @Override
  public MemTxResult peek(AddressSpace space, long address, MemorySegment into) {
    begin(DEBUGGER);
    try {
      bulk.read(space, address, into, true);
      return slow.result();
    } finally {
      end();
    }
  }

  @Override
  public MemTxResult poke(AddressSpace space, long address, MemorySegment from) {
    begin(DEBUGGER);
    try {
      bulk.poke(space, address, from);
      return slow.result();
    } finally {
      end();
    }
  }

  @Override
  public boolean isAccessible(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    begin(attributes);
    try {
      return bulk.isAccessible(space, address, length, access);
    } finally {
      end();
    }
  }

  private void begin(MemTxAttrs attributes) {
    if (depth == 0) {
      enterOwn();
    } else {
      depth++;
    }
    slow.begin(attributes);
  }

  private void end() {
    if (depth == 1) {
      leaveOwn();
    } else {
      depth--;
      settle();
    }
  }

  /**
   * Hands a device what waits for it.
   *
   * @param node which
   */
  public void flush(MmioNode node) {
    begin(MemTxAttrs.UNSPECIFIED);
    try {
      slow.flush(node.device(), node.gate());
    } finally {
      end();
    }
  }

  @Override
  public void wrote(AddressSpace space, long address, long length) {
    requireInside();
    PhysSection leaf = leafAt(space, address);
    if (!leaf.storesMemory || Long.compareUnsigned(length - 1, leaf.last - address) > 0) {
      throw new IllegalArgumentException(length + " bytes at " + AddressRange.hex(address) + " in '" + space.name()
          + "' are not in one section of memory that takes writes; tell of what Translation.loggedMemory() gave");
    }
    marks.add(leaf, address + leaf.toOffset, length);
  }

  // Atomic operations

  @Override
  public long compareAndExchange(AddressSpace space, long address, int size, long expected, long value) {
    begin(MemTxAttrs.UNSPECIFIED);
    try {
      PhysSection leaf = atomic(space, address, size);
      return leaf == null ? 0 : exchange(leaf, size, expected & LittleEndian.mask(size), value);
    } finally {
      end();
    }
  }

  private long exchange(PhysSection leaf, int size, long expected, long value) {
    long offset = translation.offset();
    long seen = AtomicAccess.compareAndExchange(leaf.memory, offset, size, expected, value);
    if (seen == expected) {
      slow.exchanged(leaf, offset, size, seen, value);
    }
    return seen;
  }

  @Override
  public long fetchAndOp(AddressSpace space, long address, int size, AtomicOp op, long operand) {
    begin(MemTxAttrs.UNSPECIFIED);
    try {
      PhysSection leaf = atomic(space, address, size);
      return leaf == null ? 0 : fetch(leaf, size, op, operand);
    } finally {
      end();
    }
  }

  private long fetch(PhysSection leaf, int size, AtomicOp op, long operand) {
    long offset = translation.offset();
    long before = AtomicAccess.fetchAndOp(leaf.memory, offset, size, op, operand);
    slow.exchanged(leaf, offset, size, before, op.apply(before, operand, size));
    return before;
  }

  /** The leaf whose memory an atomic operation may change, or null after saying why not. */
  private PhysSection atomic(AddressSpace space, long address, int size) {
    checkSize(size);
    PhysSection leaf = resolve(space, address, size, Access.WRITE);
    long offset = translation.offset();
    if (!leaf.storesMemory) {
      slow.fail(leaf, offset, size, Access.WRITE,
          leaf.deviceWritable ? MemTxResult.ACCESS_ERROR : MemTxResult.DECODE_ERROR);
      return null;
    }
    if (translation.length() != size || (address & size - 1) != 0
        || !AtomicAccess.isPossible(leaf.memory, offset, size)) {
      slow.fail(leaf, offset, size, Access.WRITE, MemTxResult.ACCESS_ERROR);
      return null;
    }
    return leaf;
  }

  @Override
  public MemTxResult lastResult() {
    return slow.result();
  }

  @Override
  void restore(MemTxResult soFar, MemTxAttrs attributes) {
    slow.restore(soFar, attributes);
  }

  @Override
  MemTxAttrs attributes() {
    return slow.attributes();
  }
}
