package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.HostMemory;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
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
import java.util.Objects;

/**
 * A reader of the map. Accesses to memory that is not observed are served here; its parts do the rest: {@link Sections}
 * knows the thread in a section, {@link Lookup} finds the leaf that answers, {@link SlowAccess} serves devices and
 * observed memory, {@link SplitAccess} accesses that cross an edge, {@link BulkAccess} transfers, {@link AtomicAccess}
 * atomics. They share one {@link AccessState}.
 *
 * <p>An access outside any section has one of its own. Transactions that devices began are committed when the access
 * has ended, and with it the section of its own if it has one. An access that calls user code opens a nested section,
 * so that a callback which closes the user's section cannot end it.
 */
public final class DispatchReader implements MapReader {

  private static final MemTxAttrs DEBUGGER = MemTxAttrs.UNSPECIFIED.asDebug();

  /** The sizes of accesses, a bit for each. */
  private static final int SIZES = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8;

  private static final int SIZE_BITS = 15;

  private final Reader rcu;
  private final boolean implicit;
  private final Sections sections;
  private final ReaderTranslation translation;
  private final Lookup lookup;
  private final AccessState state;
  private final SlowAccess slow;
  private final DeviceAccess devices;
  private final PlainAccess plain;
  private final SplitAccess split;
  private final BulkAccess bulk;
  private final AtomicAccess atomics;

  /**
   * Makes a reader outside any section.
   *
   * @param rcu a reader registered with the policy through which generations are retired
   * @param generations the pointer to the generation in force
   * @param chains the devices that each thread is in
   * @param hopLimit the number of IOMMUs that a translation may pass
   * @param own of the thread's own reader, which must not be closed, the last result, as the one before noted it; null
   *     for other readers
   */
  public DispatchReader(
      Reader rcu, RcuReference<Generation> generations, AccessChains chains, int hopLimit, int[] own) {
    this.rcu = rcu;
    this.implicit = own != null;
    this.state = new AccessState(own == null ? new int[1] : own);
    this.sections = new Sections(rcu, generations, this);
    PhysPageMap empty = generations.dereferenceProtected().map(Generation.NO_SLOT);
    this.translation = new ReaderTranslation(sections, empty.unassigned());
    SelectedBanks banks = new SelectedBanks();
    this.lookup = new Lookup(generations, Generation.first(empty), translation,
        new IommuWalk(this, sections, state, translation, banks, generations, hopLimit), banks);
    this.devices = new DeviceAccess(chains, this);
    this.slow = new SlowAccess(devices, state, translation, sections.marks);
    this.plain = new PlainAccess(this, sections, state, devices, slow);
    this.split = new SplitAccess(lookup, state, slow);
    this.bulk = new BulkAccess(lookup, state, slow, split);
    this.atomics = new AtomicAccess(lookup, state, slow);
  }

  // Sections

  @Override
  public ReadSection enter() {
    long self = Sections.self();
    if (sections.isInside(self)) {
      sections.nest();
    } else {
      enterOutermost(self, Sections.USER);
    }
    return sections;
  }

  private void enterOutermost(long self, int first) {
    Generation inForce = sections.enter(self, first);
    if (lookup.inForce() != inForce) {
      see(inForce);
    }
  }

  private void see(Generation inForce) {
    try {
      lookup.see(inForce);
    } catch (Throwable e) {
      sections.end();
      throw e;
    }
  }

  /** Enters a section for an access, nested if one is open. */
  private void begin() {
    long self = Sections.self();
    if (sections.isInside(self)) {
      StackRoom.require();
      sections.depth++;
    } else {
      enterOutermost(self, Sections.HOLD);
    }
  }

  /** Called after an access has left its section: commits transactions that devices began. */
  void end() {
    if (sections.depth == 0) {
      endOutermost();
    } else if (sections.depth >= Sections.USER) {
      devices.settle();
    }
  }

  private void endOutermost() {
    try {
      sections.end();
    } finally {
      devices.settle();
    }
  }

  /** Whether the calling thread is in a section of this reader. */
  boolean isInside() {
    return sections.isInside();
  }

  @Override
  public long generation() {
    sections.requireOpen();
    return lookup.inForce().number();
  }

  @Override
  public void quiescent() {
    sections.requireOutside();
    rcu.quiescent();
  }

  @Override
  public void offline() {
    sections.requireOutside();
    forget();
    rcu.offline();
  }

  /**
   * Drops what the reader keeps between sections, in a section of its own: a second thread that uses the reader against
   * its contract may come online and enter as soon as this one is offline.
   */
  private void forget() {
    if (!lookup.isForgotten()) {
      sections.enter(Sections.self(), Sections.HOLD);
      try {
        lookup.forget();
      } finally {
        sections.depth--;
        sections.end();
      }
    }
  }

  @Override
  public void online() {
    sections.requireOutside();
    rcu.online();
  }

  @Override
  public boolean leaveAbandoned() {
    return sections.leaveAbandoned();
  }

  @Override
  public void close() {
    if (implicit) {
      throw new IllegalStateException("the thread's own reader ends with its thread; close only what newReader() made");
    }
    sections.requireOutside();
    rcu.close();
    lookup.forget();
  }

  // Translation

  @Override
  public Translation translate(AddressSpace space, long address, long length, Access access) {
    return translate(space, address, length, access, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public Translation translate(
      AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    sections.requireInside();
    if (length == 0) {
      throw new IllegalArgumentException("a translation of 0 bytes; ask for at least 1");
    }
    lookup.resolve(space, address, length, access, attributes);
    return translation;
  }

  /** The leaf for an address, which may be an IOMMU's. */
  PhysSection leafAt(AddressSpace space, long address) {
    PhysSection last = translation.lastNear(address);
    return space == translation.leafSpace && last.holds(address) ? last : lookup.find(space, address);
  }

  // Loads and stores

  @Override
  public long load(AddressSpace space, long address, int size) {
    if (sections.isInside()) {
      return loadInside(space, address, size, MemTxAttrs.UNSPECIFIED);
    }
    return loadOutside(space, address, size, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public long load(AddressSpace space, long address, int size, ByteOrder order, MemTxAttrs attributes) {
    Objects.requireNonNull(order, "order");
    long value = sections.isInside()
        ? loadInside(space, address, size, attributes)
        : loadOutside(space, address, size, attributes);
    return order == ByteOrder.LITTLE_ENDIAN ? value : LittleEndian.reversed(value, size);
  }

  private long loadOutside(AddressSpace space, long address, int size, MemTxAttrs attributes) {
    enterOutermost(Sections.self(), Sections.HOLD);
    try {
      return loadInside(space, address, size, attributes);
    } finally {
      sections.depth--;
      end();
    }
  }

  private long loadInside(AddressSpace space, long address, int size, MemTxAttrs attributes) {
    checkSize(size);
    state.begin(attributes);
    PhysSection leaf = leafAt(space, address);
    RamBlock memory = leaf.readable;
    return memory != null && leaf.reaches(address, size)
        ? load(memory, address + leaf.toOffset, size)
        : loadSlowly(space, leaf, address, size, attributes);
  }

  static long load(RamBlock memory, long offset, int size) {
    long host = memory.address();
    return host != 0 ? HostMemory.get(host + offset, size) : LittleEndian.get(memory.segment(), offset, size);
  }

  private long loadSlowly(AddressSpace space, PhysSection leaf, long address, int size, MemTxAttrs attributes) {
    DeviceBinding device = leaf.device;
    return leaf.readsPlainly && plain.serves(device, leaf, address, size, attributes)
        ? plain.load(device, leaf, address + leaf.toOffset, size, attributes)
        : loadByRules(space, leaf, address, size);
  }

  private long loadByRules(AddressSpace space, PhysSection leaf, long address, int size) {
    StackRoom.require();
    sections.depth++;
    try {
      PhysSection found = lookup.complete(leaf, address, size, Access.READ, state.attributes());
      return translation.reach(found) == size
          ? loadFrom(found, size)
          : split.load(space, address, size, found, Access.READ);
    } finally {
      sections.depth--;
      end();
    }
  }

  private long loadFrom(PhysSection leaf, int size) {
    long at = translation.address;
    return leaf.readable != null && leaf.contains(at, size)
        ? load(leaf.readable, at + leaf.toOffset, size)
        : slow.load(leaf, at + leaf.toOffset, size, Access.READ);
  }

  // Fetches: loads of another kind, with a way of their own, so that loads need not check their kind

  @Override
  public long fetch(AddressSpace space, long address, int size) {
    return fetch(space, address, size, ByteOrder.LITTLE_ENDIAN, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public long fetch(AddressSpace space, long address, int size, ByteOrder order, MemTxAttrs attributes) {
    Objects.requireNonNull(order, "order");
    long value = sections.isInside()
        ? fetchInside(space, address, size, attributes)
        : fetchOutside(space, address, size, attributes);
    return order == ByteOrder.LITTLE_ENDIAN ? value : LittleEndian.reversed(value, size);
  }

  private long fetchOutside(AddressSpace space, long address, int size, MemTxAttrs attributes) {
    begin();
    try {
      return fetchInside(space, address, size, attributes);
    } finally {
      sections.depth--;
      end();
    }
  }

  private long fetchInside(AddressSpace space, long address, int size, MemTxAttrs attributes) {
    checkSize(size);
    state.begin(attributes);
    PhysSection leaf = leafAt(space, address);
    RamBlock memory = leaf.fetchable();
    return memory != null && leaf.reaches(address, size)
        ? load(memory, address + leaf.toOffset, size)
        : fetchSlowly(space, leaf, address, size);
  }

  private long fetchSlowly(AddressSpace space, PhysSection leaf, long address, int size) {
    StackRoom.require();
    sections.depth++;
    try {
      PhysSection found = lookup.complete(leaf, address, size, Access.FETCH, state.attributes());
      return translation.reach(found) == size
          ? slow.load(found, translation.address + found.toOffset, size, Access.FETCH)
          : split.load(space, address, size, found, Access.FETCH);
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public MemTxResult store(AddressSpace space, long address, int size, long value) {
    if (sections.isInside()) {
      return storeInside(space, address, size, value, MemTxAttrs.UNSPECIFIED);
    }
    return storeOutside(space, address, size, value, MemTxAttrs.UNSPECIFIED);
  }

  @Override
  public MemTxResult store(
      AddressSpace space, long address, int size, long value, ByteOrder order, MemTxAttrs attributes) {
    Objects.requireNonNull(order, "order");
    checkSize(size);
    long placed = order == ByteOrder.LITTLE_ENDIAN ? value : LittleEndian.reversed(value, size);
    return sections.isInside()
        ? storeInside(space, address, size, placed, attributes)
        : storeOutside(space, address, size, placed, attributes);
  }

  private MemTxResult storeOutside(
      AddressSpace space, long address, int size, long value, MemTxAttrs attributes) {
    enterOutermost(Sections.self(), Sections.HOLD);
    try {
      return storeInside(space, address, size, value, attributes);
    } finally {
      sections.depth--;
      end();
    }
  }

  private MemTxResult storeInside(
      AddressSpace space, long address, int size, long value, MemTxAttrs attributes) {
    checkSize(size);
    state.begin(attributes);
    PhysSection leaf = leafAt(space, address);
    RamBlock memory = leaf.writable;
    if (memory != null && leaf.reaches(address, size)) {
      store(memory, address + leaf.toOffset, size, value);
      return MemTxResult.OK;
    }
    return storeSlowly(space, leaf, address, size, value, attributes);
  }

  static void store(RamBlock memory, long offset, int size, long value) {
    long host = memory.address();
    if (host != 0) {
      HostMemory.set(host + offset, size, value);
    } else {
      LittleEndian.set(memory.segment(), offset, size, value);
    }
  }

  private MemTxResult storeSlowly(
      AddressSpace space, PhysSection leaf, long address, int size, long value, MemTxAttrs attributes) {
    DeviceBinding device = leaf.device;
    return leaf.writesPlainly && plain.serves(device, leaf, address, size, attributes)
        ? plain.store(device, leaf, address + leaf.toOffset, size, value & LittleEndian.mask(size), attributes)
        : storeByRules(space, leaf, address, size, value);
  }

  private MemTxResult storeByRules(AddressSpace space, PhysSection leaf, long address, int size, long value) {
    StackRoom.require();
    sections.depth++;
    try {
      PhysSection found = lookup.complete(leaf, address, size, Access.WRITE, state.attributes());
      if (translation.reach(found) == size) {
        storeTo(found, size, value & LittleEndian.mask(size));
      } else {
        split.store(space, address, size, value, found);
      }
      return state.result();
    } finally {
      sections.depth--;
      end();
    }
  }

  private void storeTo(PhysSection leaf, int size, long value) {
    long at = translation.address;
    if (leaf.writable != null && leaf.contains(at, size)) {
      store(leaf.writable, at + leaf.toOffset, size, value);
    } else {
      slow.store(leaf, at + leaf.toOffset, size, value);
    }
  }

  static void checkSize(int size) {
    if ((size & ~SIZE_BITS | ~(SIZES >>> size) & 1) != 0) {
      refuse(size);
    }
  }

  private static void refuse(int size) {
    throw new IllegalArgumentException("an access of " + size + " bytes; 1, 2, 4 and 8 are possible");
  }

  @Override
  public MemoryRegionCache cache(AddressSpace space, long address, long length, MemTxAttrs attributes) {
    return new RegionCache(this, lookup.dispatched(space), address, length, attributes);
  }

  // Transfers of any length

  @Override
  public MemTxResult read(AddressSpace space, long address, MemorySegment into, MemTxAttrs attributes) {
    begin();
    try {
      state.begin(attributes);
      bulk.read(space, address, into);
      return state.result();
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public MemTxResult write(AddressSpace space, long address, MemorySegment from, MemTxAttrs attributes) {
    begin();
    try {
      state.begin(attributes);
      bulk.write(space, address, from);
      return state.result();
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public MemTxResult fill(AddressSpace space, long address, long length, byte value, MemTxAttrs attributes) {
    begin();
    try {
      state.begin(attributes);
      bulk.fill(space, address, length, value);
      return state.result();
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public MemTxResult peek(AddressSpace space, long address, MemorySegment into) {
    begin();
    try {
      state.begin(DEBUGGER);
      bulk.peek(space, address, into);
      return state.result();
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public MemTxResult poke(AddressSpace space, long address, MemorySegment from) {
    begin();
    try {
      state.begin(DEBUGGER);
      bulk.poke(space, address, from);
      return state.result();
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public boolean isAccessible(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    begin();
    try {
      state.begin(attributes);
      return bulk.isAccessible(space, address, length, access);
    } finally {
      sections.depth--;
      end();
    }
  }

  /**
   * Delivers the coalesced stores of a device.
   *
   * @param node the device
   */
  public void flush(MmioNode node) {
    begin();
    try {
      state.begin(MemTxAttrs.UNSPECIFIED);
      slow.flush(node.device());
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public void wrote(AddressSpace space, long address, long length) {
    sections.requireInside();
    PhysSection leaf = leafAt(space, address);
    long at = address & space.options().lastAddress();
    if (at != address) {
      leaf = leafAt(space, at);
    }
    if (!leaf.storesMemory || Long.compareUnsigned(length - 1, leaf.last - at) > 0) {
      throw new IllegalArgumentException(length + " bytes at " + AddressRange.hex(address) + " in '" + space.name()
          + "' are not in one section of memory that takes writes; tell of what Translation.loggedMemory() gave");
    }
    sections.wrote(leaf, at + leaf.toOffset, length);
  }

  // Atomic operations

  @Override
  public long compareAndExchange(AddressSpace space, long address, int size, long expected, long value) {
    checkSize(size);
    begin();
    try {
      state.begin(MemTxAttrs.UNSPECIFIED);
      return atomics.compareAndExchange(space, address, size, expected, value);
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public long fetchAndOp(AddressSpace space, long address, int size, AtomicOp op, long operand) {
    checkSize(size);
    begin();
    try {
      state.begin(MemTxAttrs.UNSPECIFIED);
      return atomics.fetchAndOp(space, address, size, op, operand);
    } finally {
      sections.depth--;
      end();
    }
  }

  @Override
  public MemTxResult lastResult() {
    return state.result();
  }
}
