package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.HostMemory;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.Translation;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * A reader of the map.
 *
 * <p>Entering the outermost section enters the reclamation policy's section first and then follows the pointer to the
 * generation. Between the two ends of the section the policy keeps alive all that the generation reaches. All fields
 * are confined to the thread that uses the reader; the only shared word it reads is the generation pointer, by the
 * acquire load in {@link RcuReference#dereference}, which pairs with the committer's release store.
 *
 * <h2>The last leaf</h2>
 *
 * <p>The reader keeps what its last lookup found: the generation, an address space and its map in that generation, and
 * the leaf that answered. A lookup in the same space at an address that the leaf holds does not walk the table. What is
 * kept is used again in a later section only if that one sees the very same generation; a generation is a heap object
 * that the reader holds on to, so no other can be taken for it. So it is one compare at entry that validates, and none
 * for each access. Nothing is stored where it is already: a store of a reference costs more than the compare.
 *
 * <p>Holes and what lies behind an IOMMU are not kept: a hole has no edges here, and an IOMMU may change its mind.
 */
public final class DispatchReader implements MapReader {

  private static final Object NOWHERE = new Object();
  private static final MemTxAttrs DEBUGGER = MemTxAttrs.UNSPECIFIED.asDebug();

  private final Reader rcu;
  private final RcuReference<Generation> generations;
  private final boolean implicit;
  private final ReadSection section = this::leave;
  private final ReaderTranslation translation = new ReaderTranslation();
  private final IommuWalk iommus;
  private final SlowAccess slow;
  private final BulkAccess bulk;

  private int depth;
  private ReadSection rcuSection;

  /** Whether the present section is that of one access. */
  private boolean own;

  /** The one in force at the last entry. */
  private Generation generation;

  /** The space of {@link #map}, or nowhere. */
  private Object mapSpace = NOWHERE;

  /** The map of a space in {@link #generation}. */
  private PhysPageMap map;

  /** The space in which the translation's leaf answers for its range, or nowhere. */
  private Object leafSpace = NOWHERE;

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
    this.rcu = rcu;
    this.generations = generations;
    this.implicit = implicit;
    this.iommus = new IommuWalk(this, generations, hopLimit);
    this.slow = new SlowAccess(chains, this, translation);
    this.bulk = new BulkAccess(this, slow);
  }

  // Sections

  @Override
  public ReadSection enter() {
    if (depth == 0) {
      enterOutermost();
    }
    depth++;
    return section;
  }

  private void enterOutermost() {
    ReadSection entered = rcu.enter();
    if (rcuSection != entered) {
      rcuSection = entered;
    }
    Generation inForce = generations.dereference(rcu);
    if (generation != inForce) {
      forget();
      generation = inForce;
    }
  }

  private void forget() {
    generation = null;
    mapSpace = NOWHERE;
    leafSpace = NOWHERE;
    map = null;
    translation.forget();
  }

  private void leave() {
    if (depth == 0) {
      throw new IllegalStateException("section of reader '" + rcu.name() + "' closed more often than entered");
    }
    if (--depth == 0) {
      rcuSection.close();
    }
  }

  @Override
  public long generation() {
    requireInside();
    return generation.number();
  }

  private void requireInside() {
    if (depth == 0) {
      throw new IllegalStateException("reader '" + rcu.name()
          + "' is outside a read-side section; write try (ReadSection _ = reader.enter()) { ... }");
    }
  }

  @Override
  public void quiescent() {
    rcu.quiescent();
  }

  @Override
  public void offline() {
    rcu.offline();
    forget();
  }

  @Override
  public void online() {
    rcu.online();
  }

  // Translation

  @Override
  public Translation translate(AddressSpace space, long address, long length, Access access) {
    return translate(space, address, length, access, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public Translation translate(
      AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    requireInside();
    PhysSection last = translation.leaf;
    if (space == leafSpace && endsBehind(last, address, length)) {
      translation.at(address, length, access);
    } else {
      translateAnew(space, address, length, access, attributes);
    }
    return translation;
  }

  /** Whether a leaf holds an address and more than so many bytes from there. Never true of 0 bytes. */
  private static boolean endsBehind(PhysSection leaf, long address, long length) {
    long rest = leaf.last - address;
    return Long.compareUnsigned(rest, leaf.last - leaf.first) <= 0 && Long.compareUnsigned(length - 1, rest) < 0;
  }

  private void translateAnew(
      AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    if (length == 0) {
      throw new IllegalArgumentException("a translation of 0 bytes; ask for at least 1");
    }
    PhysSection found = find(space, address);
    if (found.translator != null) {
      walk(space, found, address, length, access, attributes);
    } else {
      translation.at(address, ReaderTranslation.narrowed(found, address, length, access), access);
    }
  }

  /** Looks up who answers, and keeps that unless it is a hole or an IOMMU. */
  private PhysSection find(AddressSpace space, long address) {
    if (mapSpace != space) {
      turnTo(DispatchedSpace.in(generations, space));
    }
    PhysSection found = map.find(address);
    boolean hole = found == map.unassigned();
    translation.arrive(found, !hole);
    Object holds = hole || found.translator != null ? NOWHERE : space;
    if (leafSpace != holds) {
      leafSpace = holds;
    }
    return found;
  }

  private void turnTo(DispatchedSpace space) {
    mapSpace = NOWHERE;
    map = generation.map(space.slot());
    mapSpace = space;
    translation.in(space, Translation.Fault.NONE);
  }

  /** Leaves nothing behind that a later access could take for the answer of this space. */
  private PhysSection walk(
      AddressSpace space, PhysSection first, long address, long length, Access access, MemTxAttrs attributes) {
    DispatchedSpace from = DispatchedSpace.in(generations, space);
    iommus.walk(translation, generation, from, first, address, length, access, attributes);
    mapSpace = NOWHERE;
    leafSpace = NOWHERE;
    return translation.leaf;
  }

  // Loads and stores

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

  /** The leaf for an address, which may be an IOMMU's. */
  private PhysSection leafAt(AddressSpace space, long address) {
    PhysSection last = translation.leaf;
    return space == leafSpace && Long.compareUnsigned(last.last - address, last.last - last.first) <= 0
        ? last
        : find(space, address);
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
    PhysSection found = arrive(space, leaf, address, size, Access.READ);
    long value = translation.length == size ? loadFrom(found, size) : loadBytes(space, address, size);
    settle();
    return value;
  }

  /** Completes the translation that a lookup began. */
  private PhysSection arrive(AddressSpace space, PhysSection leaf, long address, long length, Access access) {
    if (leaf.translator != null) {
      return walk(space, leaf, address, length, access, slow.attributes());
    }
    translation.at(address, ReaderTranslation.narrowed(leaf, address, length, access), access);
    return leaf;
  }

  /** Translates for an access that has begun. */
  PhysSection resolve(AddressSpace space, long address, long length, Access access) {
    return arrive(space, leafAt(space, address), address, length, access);
  }

  /** How many bytes one answer serves at the most, from the translated address on; also of a device. */
  long reach(PhysSection leaf, long length) {
    long reach = Math.min(length, translation.length);
    return ReaderTranslation.narrowed(reach, leaf.last - translation.address);
  }

  /** Where the translated address is in the region. */
  long offset() {
    return translation.offset();
  }

  private long loadFrom(PhysSection leaf, int size) {
    return leaf.readable != null
        ? load(leaf.readable, translation.offset(), size)
        : slow.load(leaf, translation.offset(), size);
  }

  private long loadBytes(AddressSpace space, long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      PhysSection leaf = arrive(space, leafAt(space, address + i), address + i, 1, Access.READ);
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
    PhysSection found = arrive(space, leaf, address, size, Access.WRITE);
    if (translation.length == size) {
      storeTo(found, size, value & LittleEndian.mask(size));
    } else {
      storeBytes(space, address, size, value);
    }
    MemTxResult result = slow.result();
    settle();
    return result;
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
      PhysSection leaf = arrive(space, leafAt(space, address + i), address + i, 1, Access.WRITE);
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
    return new RegionCache(this, DispatchedSpace.in(generations, space), address, length);
  }

  /** Whether a section is entered. */
  boolean isInside() {
    return depth != 0;
  }

  /** Whether an IOMMU stands at an address. */
  boolean isTranslated(DispatchedSpace space, long address) {
    return generation.map(space.slot()).find(address).translator != null;
  }

  /** The memory that serves the present translation at once, or null. */
  RamBlock direct(Access access) {
    return access == Access.READ ? translation.leaf.readable : translation.leaf.writable;
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
    if (translation.length != size || (address & size - 1) != 0
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

  /** After an access that a translator made with this reader. */
  void restore(MemTxResult soFar, MemTxAttrs attributes) {
    slow.restore(soFar, attributes);
  }

  /** What the initiator of the present access says of itself. */
  MemTxAttrs attributes() {
    return slow.attributes();
  }

  @Override
  public void close() {
    if (implicit) {
      throw new IllegalStateException("the thread's own reader ends with its thread; close only what newReader() made");
    }
    rcu.close();
    forget();
  }
}
