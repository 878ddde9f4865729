package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.HostMemory;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.Translation;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

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

  private final Reader rcu;
  private final RcuReference<Generation> generations;
  private final boolean implicit;
  private final ReadSection section = this::leave;
  private final ReaderTranslation translation = new ReaderTranslation();
  private final IommuWalk iommus;
  private final SlowAccess slow = new SlowAccess(translation);

  private int depth;
  private ReadSection rcuSection;

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
   * @param hopLimit how many IOMMUs a translation may pass
   * @param implicit whether the reader belongs to its thread and must not be closed
   */
  public DispatchReader(Reader rcu, RcuReference<Generation> generations, int hopLimit, boolean implicit) {
    this.rcu = rcu;
    this.generations = generations;
    this.implicit = implicit;
    this.iommus = new IommuWalk(this, generations, hopLimit);
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
    requireInside();
    PhysSection last = translation.leaf;
    if (space == leafSpace && endsBehind(last, address, length)) {
      translation.at(address, length, access);
    } else {
      translateAnew(space, address, length, access);
    }
    return translation;
  }

  /** Whether a leaf holds an address and more than so many bytes from there. Never true of 0 bytes. */
  private static boolean endsBehind(PhysSection leaf, long address, long length) {
    long rest = leaf.last - address;
    return Long.compareUnsigned(rest, leaf.last - leaf.first) <= 0 && Long.compareUnsigned(length - 1, rest) < 0;
  }

  private void translateAnew(AddressSpace space, long address, long length, Access access) {
    if (length == 0) {
      throw new IllegalArgumentException("a translation of 0 bytes; ask for at least 1");
    }
    PhysSection found = find(space, address);
    if (found.translator != null) {
      walk(space, found, address, length, access);
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
  private PhysSection walk(AddressSpace space, PhysSection first, long address, long length, Access access) {
    DispatchedSpace from = DispatchedSpace.in(generations, space);
    iommus.walk(translation, generation, from, first, address, length, access);
    mapSpace = NOWHERE;
    leafSpace = NOWHERE;
    return translation.leaf;
  }

  // Loads and stores

  @Override
  public long load(AddressSpace space, long address, int size) {
    if (depth != 0) {
      return loadInside(space, address, size);
    }
    try (ReadSection _ = enter()) {
      return loadInside(space, address, size);
    }
  }

  private long loadInside(AddressSpace space, long address, int size) {
    checkSize(size);
    slow.reset();
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
    return translation.length == size ? loadFrom(found, size) : loadBytes(space, address, size);
  }

  /** Completes the translation that a lookup began. */
  private PhysSection arrive(AddressSpace space, PhysSection leaf, long address, int size, Access access) {
    if (leaf.translator != null) {
      return walk(space, leaf, address, size, access);
    }
    translation.at(address, ReaderTranslation.narrowed(leaf, address, size, access), access);
    return leaf;
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
      return storeInside(space, address, size, value);
    }
    try (ReadSection _ = enter()) {
      return storeInside(space, address, size, value);
    }
  }

  private MemTxResult storeInside(AddressSpace space, long address, int size, long value) {
    checkSize(size);
    slow.reset();
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
    return slow.result();
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

  @Override
  public MemTxResult lastResult() {
    return slow.result();
  }

  /** After an access that a translator made with this reader. */
  void restore(MemTxResult soFar) {
    slow.restore(soFar);
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
