package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A hart's way to memory. Loads and stores are here; atomics, instructions and the guest's page tables have units of
 * their own. Confined to the hart's thread.
 *
 * <p>A cache leads from a virtual page straight to host memory. It is good for as long as the sections of the map that
 * its entries lead to are where they were, which {@link SeenSections} looks at when a section sees another generation.
 *
 * <p>An entry holds for one page and one context: mode, {@code SUM} and {@code MXR} stand in its tag with a stamp that
 * changes with the map, in bits that are below a page and above an access. The low bits of a tag are 0, and those of an
 * address take part in the comparison, so that what is not aligned takes the slow way. While writes are logged, stores
 * take the slow way for the first step: the reader logs each page once in a section.
 */
@ThreadConfined
final class Mmu implements MapStamp.User {

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;
  private static final long PAGE = -PAGE_BYTES;
  private static final int SETS = 1024;
  private static final int CONTEXT_SHIFT = 3;
  private static final int SUM_MXR_SHIFT = 18;
  private static final long EMPTY = -1;

  /** A context that is in no tag: it has bits that tags leave 0, and lacks bits of an empty one. */
  private static final long NONE = 7;

  private final PrivilegedState state;
  private final Pmp pmp;
  private final GuestTrap trap;
  private final AddressSpace space;
  private final GuestTranslation translation;
  private final MapStamp stamp;
  private final AtomicUnit atomics;
  private final FetchUnit instructions;

  private final long[] loadTag = new long[SETS];
  private final MemorySegment[] loadMemory = new MemorySegment[SETS];
  private final long[] loadOffset = new long[SETS];
  private final long[] storeTag = new long[SETS];
  private final MemorySegment[] storeMemory = new MemorySegment[SETS];
  private final long[] storeOffset = new long[SETS];
  private final long[] storePage = new long[SETS];

  /** The section in which a page was last reported as written. */
  private final long[] told = new long[SETS];

  private MapReader reader;
  private long context;
  private long storeContext;
  private long sections;
  private boolean touchedDevice;

  Mmu(PrivilegedState state, Pmp pmp, GuestTrap trap, AddressSpace space, DeviceAtomics devices) {
    this.state = state;
    this.pmp = pmp;
    this.trap = trap;
    this.space = space;
    translation = new GuestTranslation(state, pmp, trap, space);
    stamp = new MapStamp(space, this);
    atomics = new AtomicUnit(state, trap, space, translation, devices);
    instructions = new FetchUnit(state, pmp, trap, space, translation, stamp);
    empty();
    flush();
  }

  void attach(MapReader reader) {
    this.reader = reader;
    translation.attach(reader);
    atomics.attach(reader);
    instructions.attach(reader);
    stamp.attach(reader);
  }

  /** To be called on entry to a section. */
  void sectionEntered() {
    stamp.sectionEntered();
    sections++;
    touchedDevice = false;
  }

  @Override
  public void empty() {
    Arrays.fill(loadTag, EMPTY);
    Arrays.fill(storeTag, EMPTY);
    instructions.empty();
  }

  /** Forgets all translations, and has all code looked at again. */
  void flush() {
    translation.flush();
    codeBarrier();
  }

  void codeBarrier() {
    instructions.barrier();
    stamp.change();
  }

  /** To be called when the mode or {@code mstatus} changed, too. */
  @Override
  public void contextChanged() {
    context = (state.dataMode() | state.mstatus() >>> SUM_MXR_SHIFT << 2 & 0xc) << CONTEXT_SHIFT | stamp.bits();
    storeContext = stamp.takesStores() ? context : NONE;
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
    long physical = translation.reach(address, size, Use.LOAD, state.dataMode());
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
    if (storeTag[set] == (address & (PAGE | size - 1) | context)) {
      storeLogged(set, address, size, value);
      return;
    }
    if (crosses(address, size)) {
      storeBytes(address, size, value);
      return;
    }
    long physical = translation.reach(address, size, Use.STORE, state.dataMode());
    remember(address, physical, Use.STORE);
    if (!reader.store(space, physical, size, value).isOk()) {
      throw trap.of(Cause.STORE_ACCESS, address);
    }
  }

  /** Tells of the page once in a section; the reader marks it when that ends. */
  private void storeLogged(int set, long address, int size, long value) {
    MemorySegment memory = storeMemory[set];
    long offset = address + storeOffset[set];
    switch (size) {
      case 1 -> memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
      case 2 -> memory.set(SHORT, offset, (short) value);
      case 4 -> memory.set(INT, offset, (int) value);
      default -> memory.set(LONG, offset, value);
    }
    if (told[set] != sections) {
      told[set] = sections;
      reader.wrote(space, storePage[set], 1);
    }
  }

  /** Nothing is stored unless both pages allow it. */
  private void storeBytes(long address, int size, long value) {
    long second = address + size - 1 & PAGE;
    translation.reach(address, (int) (second - address), Use.STORE, state.dataMode());
    translation.reach(second, (int) (address + size - second), Use.STORE, state.dataMode());
    for (int i = 0; i < size; i++) {
      store1(address + i, (byte) (value >>> 8 * i));
    }
  }

  long atomic(int funct5, long address, int size, long operand) {
    long result = atomics.execute(funct5, address, size, operand);
    touchedDevice |= atomics.touchedDevice();
    return result;
  }

  void dropReservation() {
    atomics.dropReservation();
  }

  // Instructions

  /** Where instructions are kept decoded, or {@link CodePage#NONE}. */
  CodePage codePage(long address) {
    return instructions.page(address);
  }

  /** Fetches and decodes an instruction wherever it lies. */
  long fetch(long address) {
    return instructions.fetch(address);
  }

  /** The bits of an instruction, as {@code mtval} shows them. */
  int rawInstruction(long address, int length) {
    return instructions.raw(address, length);
  }

  // The cache

  /** Enters what answers into the cache, if the next access may go there without asking. */
  private void remember(long address, long physical, Use use) {
    long page = physical & PAGE;
    Translation found = reader.translate(space, page, PAGE_BYTES, use.access);
    boolean ram = found.section().region() instanceof MemoryRegion.Ram && !found.section().attributes().readOnly();
    touchedDevice |= use.writes() && !ram;
    MemorySegment memory = found.loggedMemory();
    long distance = found.offset() - (address & PAGE);
    if (memory != null && found.length() == PAGE_BYTES && pmp.isUniform(page) && stamp.looksAfter(page)) {
      enter(address, page, memory, distance, use);
    }
  }

  private void enter(long address, long page, MemorySegment memory, long distance, Use use) {
    int set = set(address);
    if (use == Use.LOAD) {
      loadMemory[set] = memory;
      loadOffset[set] = distance;
      loadTag[set] = address & PAGE | context;
    } else {
      storeMemory[set] = memory;
      storeOffset[set] = distance;
      storePage[set] = page;
      storeTag[set] = address & PAGE | context;
      told[set] = 0;
    }
  }
}
