package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A hart's way to memory: address translation, protection, and the caches of both. Confined to the hart's thread.
 *
 * <p>Two caches stand one behind the other. The first leads from a virtual page straight to host memory; it is good for
 * as long as the sections of the map that its entries lead to are where they were, which {@link SeenSections} looks at
 * when a section sees another generation. The second keeps leaves of guest page tables, which no change of the map
 * invalidates; the guest says when ({@code sfence.vma}, {@code satp}).
 *
 * <p>An entry of the first cache holds for one page and one context: mode, {@code SUM} and {@code MXR} stand in its
 * tag with a stamp that changes with the map, in bits that are below a page and above an access. The low bits of a tag
 * are 0, and those of an address take part in the comparison, so that what is not aligned takes the slow way. While
 * somebody logs writes, entries for stores rest: stores go through the reader, which makes the marks.
 */
@ThreadConfined
final class Mmu {

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;
  private static final long PAGE = -PAGE_BYTES;
  private static final int SETS = 1024;
  private static final int LEAF_SETS = 1024;
  private static final int CONTEXT_SHIFT = 3;
  private static final int SUM_MXR_SHIFT = 18;
  private static final int STAMP_SHIFT = 7;
  private static final int STAMPS = 32;
  private static final long EMPTY = -1;

  /** A context that is in no tag: it has bits that tags leave 0, and lacks bits of an empty one. */
  private static final long NONE = 7;

  private final PrivilegedState state;
  private final Pmp pmp;
  private final GuestTrap trap;
  private final AddressSpace space;
  private final PageWalker walker;
  private final SeenSections seen;
  private final CodeCache codeCache = new CodeCache();

  private final long[] loadTag = new long[SETS];
  private final MemorySegment[] loadMemory = new MemorySegment[SETS];
  private final long[] loadOffset = new long[SETS];
  private final long[] storeTag = new long[SETS];
  private final MemorySegment[] storeMemory = new MemorySegment[SETS];
  private final long[] storeOffset = new long[SETS];
  private final long[] loggedTag = new long[SETS];
  private final long[] loggedDistance = new long[SETS];
  private final long[] fetchTag = new long[SETS];
  private final CodePage[] fetchPage = new CodePage[SETS];
  private final long[] leafTag = new long[LEAF_SETS];
  private final long[] leaf = new long[LEAF_SETS];

  private MapReader reader;
  private long generation;
  private long context;
  private long storeContext;
  private long loggedContext;
  private int stamp;
  private boolean touchedDevice;
  private long reservedAddress;
  private int reservedSize;
  private long reservedValue;

  Mmu(PrivilegedState state, Pmp pmp, GuestTrap trap, AddressSpace space) {
    this.state = state;
    this.pmp = pmp;
    this.trap = trap;
    this.space = space;
    walker = new PageWalker(state, pmp, trap, space);
    seen = new SeenSections(space);
    empty();
    flush();
  }

  void attach(MapReader reader) {
    this.reader = reader;
    walker.attach(reader);
    seen.clear();
    forgetMap();
  }

  /** To be called on entry to a section. */
  void sectionEntered() {
    if (reader.generation() != generation) {
      generation = reader.generation();
      if (seen.haveChanged(reader)) {
        forgetMap();
      } else {
        contextChanged();
      }
    }
    touchedDevice = false;
  }

  /** A new stamp makes all entries invalid; only when stamps start over are they emptied. */
  private void forgetMap() {
    stamp = (stamp + 1) % STAMPS;
    if (stamp == 0) {
      empty();
    }
    contextChanged();
  }

  private void empty() {
    Arrays.fill(loadTag, EMPTY);
    Arrays.fill(storeTag, EMPTY);
    Arrays.fill(loggedTag, EMPTY);
    Arrays.fill(fetchTag, EMPTY);
  }

  /** Forgets all translations, and has all code looked at again. */
  void flush() {
    Arrays.fill(leafTag, EMPTY);
    codeBarrier();
  }

  void codeBarrier() {
    codeCache.barrier();
    forgetMap();
  }

  /** To be called when the mode or {@code mstatus} changed. */
  void contextChanged() {
    context = (state.dataMode() | state.mstatus() >>> SUM_MXR_SHIFT << 2 & 0xc) << CONTEXT_SHIFT | stampBits();
    storeContext = seen.takesStores() ? context : NONE;
    loggedContext = seen.takesStores() ? NONE : context;
  }

  private long stampBits() {
    return (long) stamp << STAMP_SHIFT;
  }

  void dropReservation() {
    reservedSize = 0;
  }

  /** Whether a device was written to in this section: interrupts and the map may look different now. */
  boolean touchedDevice() {
    return touchedDevice;
  }

  private static int set(long address) {
    return (int) (address >>> PAGE_SHIFT) & SETS - 1;
  }

  // Loads

  byte load1(long address) {
    int set = set(address);
    return loadTag[set] == (address & PAGE | context)
        ? loadMemory[set].get(ValueLayout.JAVA_BYTE, address + loadOffset[set])
        : (byte) loadSlow(address, 1);
  }

  short load2(long address) {
    int set = set(address);
    return loadTag[set] == (address & (PAGE | 1) | context)
        ? loadMemory[set].get(SHORT, address + loadOffset[set])
        : (short) loadSlow(address, 2);
  }

  int load4(long address) {
    int set = set(address);
    return loadTag[set] == (address & (PAGE | 3) | context)
        ? loadMemory[set].get(INT, address + loadOffset[set])
        : (int) loadSlow(address, 4);
  }

  long load8(long address) {
    int set = set(address);
    return loadTag[set] == (address & (PAGE | 7) | context)
        ? loadMemory[set].get(LONG, address + loadOffset[set])
        : loadSlow(address, 8);
  }

  private long loadSlow(long address, int size) {
    if (crosses(address, size)) {
      return loadBytes(address, size);
    }
    long physical = reach(address, size, Use.LOAD, state.dataMode());
    remember(address, physical, Use.LOAD);
    long value = reader.load(space, physical, size);
    if (!reader.lastResult().isOk()) {
      throw trap.of(Cause.LOAD_ACCESS, address);
    }
    return value;
  }

  private static boolean crosses(long address, int size) {
    return (address & ~PAGE) + size > PAGE_BYTES;
  }

  private long loadBytes(long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (load1(address + i) & 0xffL) << 8 * i;
    }
    return value;
  }

  // Stores

  void store1(long address, byte value) {
    int set = set(address);
    if (storeTag[set] == (address & PAGE | storeContext)) {
      storeMemory[set].set(ValueLayout.JAVA_BYTE, address + storeOffset[set], value);
    } else {
      storeSlow(address, 1, value);
    }
  }

  void store2(long address, short value) {
    int set = set(address);
    if (storeTag[set] == (address & (PAGE | 1) | storeContext)) {
      storeMemory[set].set(SHORT, address + storeOffset[set], value);
    } else {
      storeSlow(address, 2, value);
    }
  }

  void store4(long address, int value) {
    int set = set(address);
    if (storeTag[set] == (address & (PAGE | 3) | storeContext)) {
      storeMemory[set].set(INT, address + storeOffset[set], value);
    } else {
      storeSlow(address, 4, value);
    }
  }

  void store8(long address, long value) {
    int set = set(address);
    if (storeTag[set] == (address & (PAGE | 7) | storeContext)) {
      storeMemory[set].set(LONG, address + storeOffset[set], value);
    } else {
      storeSlow(address, 8, value);
    }
  }

  private void storeSlow(long address, int size, long value) {
    int set = set(address);
    if (loggedTag[set] == (address & (PAGE | size - 1) | loggedContext)) {
      reader.store(space, address + loggedDistance[set], size, value);
      return;
    }
    if (crosses(address, size)) {
      storeBytes(address, size, value);
      return;
    }
    long physical = reach(address, size, Use.STORE, state.dataMode());
    remember(address, physical, Use.STORE);
    if (!reader.store(space, physical, size, value).isOk()) {
      throw trap.of(Cause.STORE_ACCESS, address);
    }
  }

  /** Nothing is stored unless both pages allow it. */
  private void storeBytes(long address, int size, long value) {
    long second = address + size - 1 & PAGE;
    reach(address, (int) (second - address), Use.STORE, state.dataMode());
    reach(second, (int) (address + size - second), Use.STORE, state.dataMode());
    for (int i = 0; i < size; i++) {
      store1(address + i, (byte) (value >>> 8 * i));
    }
  }

  // Atomics

  long atomic(int funct5, long address, int size, long operand) {
    Use use = switch (funct5) {
      case Atomics.LR -> Use.LOAD;
      case Atomics.SC -> Use.STORE;
      default -> Use.ATOMIC;
    };
    if ((address & size - 1) != 0) {
      throw trap.of(funct5 == Atomics.LR ? Cause.LOAD_MISALIGNED : Cause.STORE_MISALIGNED, address);
    }
    long physical = reach(address, size, use, state.dataMode());
    if (funct5 == Atomics.SC && !takeReservation(physical, size)) {
      return 1;
    }
    long result = operate(funct5, physical, size, operand);
    if (!reader.lastResult().isOk()) {
      throw trap.of(use.accessFault, address);
    }
    return size == Integer.BYTES ? (int) result : result;
  }

  private long operate(int funct5, long physical, int size, long operand) {
    return switch (funct5) {
      case Atomics.LR -> loadReserved(physical, size);
      case Atomics.SC -> storeConditional(physical, size, operand) ? 0 : 1;
      default -> reader.fetchAndOp(space, physical, size, Atomics.operation(funct5), operand);
    };
  }

  /** The fence keeps what follows behind the load; it pairs with the release in another hart's {@code sc} or store. */
  private long loadReserved(long physical, int size) {
    reservedValue = reader.load(space, physical, size);
    VarHandle.acquireFence();
    reservedAddress = physical;
    reservedSize = size;
    return reservedValue;
  }

  private boolean takeReservation(long physical, int size) {
    boolean reserved = reservedSize == size && reservedAddress == physical;
    reservedSize = 0;
    return reserved;
  }

  /** Compares the value and not the history, as other emulators do. */
  private boolean storeConditional(long physical, int size, long value) {
    return reader.compareAndExchange(space, physical, size, reservedValue, value) == reservedValue;
  }

  // Instructions

  /** Where instructions are kept decoded, or {@link CodePage#NONE}. */
  CodePage codePage(long address) {
    int set = set(address);
    return fetchTag[set] == (address & PAGE | state.mode | stampBits()) ? fetchPage[set] : codePageSlow(address);
  }

  private CodePage codePageSlow(long address) {
    long page = reach(address, 2, Use.FETCH, state.mode) & PAGE;
    Translation found = reader.translate(space, page, PAGE_BYTES, Use.FETCH.access);
    MemorySegment memory = found.memory();
    if (memory == null || found.length() != PAGE_BYTES || !pmp.isUniform(page)) {
      return CodePage.NONE;
    }
    int set = set(address);
    fetchPage[set] = codeCache.page(found.section().region(), memory, found.offset());
    if (!isSeen(page)) {
      return fetchPage[set];
    }
    fetchTag[set] = address & PAGE | state.mode | stampBits();
    return fetchPage[set];
  }

  /** Fetches and decodes an instruction wherever it lies. */
  long fetch(long address) {
    int half = fetchHalf(address);
    return Decoder.isLong(half)
        ? Decoder.decode(fetchHalf(address + 2) << 16 | half)
        : CompressedDecoder.decode(half);
  }

  /** The bits of an instruction, as {@code mtval} shows them. */
  int rawInstruction(long address, int length) {
    int half = fetchHalf(address);
    return length == 2 ? half : fetchHalf(address + 2) << 16 | half;
  }

  private int fetchHalf(long address) {
    long physical = reach(address, 2, Use.FETCH, state.mode);
    int half = (int) reader.load(space, physical, 2);
    if (!reader.lastResult().isOk()) {
      throw trap.of(Cause.FETCH_ACCESS, address);
    }
    return half;
  }

  // Translation

  /** Translates and checks; throws the trap if the hart may not. */
  private long reach(long address, int size, Use use, int mode) {
    boolean translated = mode != Mode.MACHINE && state.satp < 0;
    long physical = translated ? PageWalker.physical(leaf(address, use, mode), address) : address;
    if (!pmp.permits(physical, size, use.pmp, mode)) {
      throw trap.of(use.accessFault, address);
    }
    return physical;
  }

  private long leaf(long address, Use use, int mode) {
    int set = (int) (address >>> PAGE_SHIFT) & LEAF_SETS - 1;
    long known = leafTag[set] == (address & PAGE) ? leaf[set] : 0;
    if (known != 0 && (!use.writes() || (known & PageWalker.DIRTY) != 0)) {
      walker.check(known, address, use, mode);
      return known;
    }
    long walked = walker.walk(address, use, mode);
    leafTag[set] = address & PAGE;
    leaf[set] = walked;
    return walked;
  }

  /** Enters what answers into the first cache, if the next access may go there without asking. */
  private void remember(long address, long physical, Use use) {
    long page = physical & PAGE;
    Translation found = reader.translate(space, page, PAGE_BYTES, use.access);
    boolean ram = found.section().region() instanceof MemoryRegion.Ram && !found.section().attributes().readOnly();
    touchedDevice |= use.writes() && !ram;
    boolean memory = ram || found.memory() != null;
    if (memory && found.length() == PAGE_BYTES && pmp.isUniform(page) && isSeen(page)) {
      enter(address, page, ram, use);
    }
  }

  /** Whether the section of a page is known, which it is from now on if it is memory. */
  private boolean isSeen(long page) {
    if (seen.holds(page)) {
      return true;
    }
    if (seen.isFull()) {
      seen.clear();
      forgetMap();
    }
    seen.add(reader, page);
    contextChanged();
    return seen.holds(page);
  }

  private void enter(long address, long page, boolean ram, Use use) {
    if (use.writes() && ram && !seen.takesStores()) {
      loggedDistance[set(address)] = page - (address & PAGE);
      loggedTag[set(address)] = address & PAGE | context;
      return;
    }
    Translation found = reader.translate(space, page, PAGE_BYTES, use.access);
    MemorySegment memory = found.memory();
    if (memory != null) {
      enter(address, memory, found.offset() - (address & PAGE), use);
    }
  }

  private void enter(long address, MemorySegment memory, long distance, Use use) {
    int set = set(address);
    if (use == Use.LOAD) {
      loadMemory[set] = memory;
      loadOffset[set] = distance;
      loadTag[set] = address & PAGE | context;
    } else {
      storeMemory[set] = memory;
      storeOffset[set] = distance;
      storeTag[set] = address & PAGE | context;
    }
  }
}
