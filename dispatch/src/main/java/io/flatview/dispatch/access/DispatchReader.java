package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Translation;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.Arrays;

/**
 * A reader of the map.
 *
 * <p>Entering the outermost section enters the reclamation policy's section first and then follows the pointer to the
 * generation; leaving drops the generation first. Between the two the policy keeps alive all that the generation
 * reaches. All fields are confined to the thread that uses the reader; the only shared word it reads is the generation
 * pointer, by the acquire load in {@link RcuReference#dereference()}, which pairs with the committer's release store.
 */
public final class DispatchReader implements MapReader {

  private final Reader rcu;
  private final RcuReference<Generation> generations;
  private final int hopLimit;
  private final boolean implicit;
  private final ReadSection section = this::leave;
  private final ReaderTranslation translation = new ReaderTranslation();

  private IommuTlbEntry[] entries = {new IommuTlbEntry()};
  private int asking;
  private int depth;
  private ReadSection rcuSection;
  private Generation generation;
  private MemTxResult lastResult = MemTxResult.OK;

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
    this.hopLimit = hopLimit;
    this.implicit = implicit;
  }

  @Override
  public ReadSection enter() {
    if (depth == 0) {
      rcuSection = rcu.enter();
      generation = generations.dereference();
    }
    depth++;
    return section;
  }

  private void leave() {
    if (depth == 0) {
      throw new IllegalStateException("section of reader '" + rcu.name() + "' closed more often than entered");
    }
    if (--depth == 0) {
      generation = null;
      rcuSection.close();
    }
  }

  @Override
  public long generation() {
    return pinned().number();
  }

  private Generation pinned() {
    Generation pinned = generation;
    if (pinned == null) {
      throw new IllegalStateException("reader '" + rcu.name()
          + "' is outside a read-side section; write try (ReadSection _ = reader.enter()) { ... }");
    }
    return pinned;
  }

  @Override
  public void quiescent() {
    rcu.quiescent();
  }

  @Override
  public void offline() {
    rcu.offline();
  }

  @Override
  public void online() {
    rcu.online();
  }

  @Override
  public Translation translate(AddressSpace space, long address, long length, Access access) {
    if (length == 0) {
      throw new IllegalArgumentException("a translation of 0 bytes; ask for at least 1");
    }
    resolve(DispatchedSpace.in(generations, space), address, length, access);
    translation.access = access;
    return translation;
  }

  private PhysSection resolve(DispatchedSpace space, long address, long length, Access access) {
    PhysPageMap map = pinned().map(space.slot());
    PhysSection found = map.find(address);
    return found.translator == null
        ? arrive(space, map, found, address, narrowed(found, address, length, access), Translation.Fault.NONE)
        : resolveThroughIommus(space, map, found, address, length, access);
  }

  private PhysSection arrive(
      DispatchedSpace space, PhysPageMap map, PhysSection found, long address, long length, Translation.Fault fault) {
    translation.space = space;
    translation.section = found;
    translation.assigned = found != map.unassigned();
    translation.address = address;
    translation.length = length;
    translation.fault = fault;
    return found;
  }

  private static long narrowed(PhysSection found, long address, long length, Access access) {
    boolean narrows = access == Access.READ ? found.narrowsReads : found.narrowsWrites;
    return narrows ? narrowed(length, found.end - address) : length;
  }

  /** The smaller of a length and the distance to a last byte, which counts itself. */
  private static long narrowed(long length, long distance) {
    return Long.compareUnsigned(length - 1, distance) <= 0 ? length : distance + 1;
  }

  private PhysSection resolveThroughIommus(
      DispatchedSpace from, PhysPageMap fromMap, PhysSection first, long address, long length, Access access) {
    DispatchedSpace space = from;
    PhysPageMap map = fromMap;
    PhysSection found = first;
    long at = address;
    long narrowed = length;
    for (int hop = 0; found.translator != null; hop++) {
      if (hop == hopLimit) {
        return arrive(space, map, map.unassigned(), at, narrowed, Translation.Fault.HOP_LIMIT);
      }
      long offset = at + found.toOffset;
      IommuTlbEntry entry = ask(found.translator, offset, access);
      if (!entry.permits(access) || (access == Access.WRITE && found.readOnly)) {
        return arrive(space, map, map.unassigned(), at, narrowed, Translation.Fault.PERMISSION);
      }
      narrowed = narrowed(narrowed, found.end - at);
      narrowed = narrowed(narrowed, entry.addrMask() - (offset & entry.addrMask()));
      at = entry.apply(offset);
      space = DispatchedSpace.in(generations, entry.target());
      map = generation.map(space.slot());
      found = map.find(at);
    }
    return arrive(space, map, found, at, narrowed(found, at, narrowed, access), Translation.Fault.NONE);
  }

  /**
   * Asks a translator. It may walk tables in memory with this very reader, and through further IOMMUs: so each level of
   * asking has an entry of its own, and what the access knows so far is kept.
   */
  private IommuTlbEntry ask(IommuTranslator translator, long offset, Access access) {
    if (asking == entries.length) {
      entries = Arrays.copyOf(entries, asking + 1);
    }
    if (entries[asking] == null) {
      entries[asking] = new IommuTlbEntry();
    }
    IommuTlbEntry entry = entries[asking];
    entry.deny();
    MemTxResult soFar = lastResult;
    asking++;
    try {
      translator.translate(offset, access, 0, this, entry);
    } finally {
      asking--;
      lastResult = soFar;
    }
    return entry;
  }

  @Override
  public long load(AddressSpace space, long address, int size) {
    checkSize(size);
    DispatchedSpace from = DispatchedSpace.in(generations, space);
    if (generation != null) {
      return loadInside(from, address, size);
    }
    try (ReadSection _ = enter()) {
      return loadInside(from, address, size);
    }
  }

  private long loadInside(DispatchedSpace from, long address, int size) {
    lastResult = MemTxResult.OK;
    PhysSection found = resolve(from, address, size, Access.READ);
    return translation.length == size ? loadFrom(found, size) : loadBytes(from, address, size);
  }

  private long loadFrom(PhysSection found, int size) {
    if (found.readable != null) {
      return LittleEndian.get(found.readable.segment(), translation.offset(), size);
    }
    if (found.device != null) {
      return loadFrom(found.device, size);
    }
    lastResult = lastResult.or(MemTxResult.DECODE_ERROR);
    return 0;
  }

  /** The device may use this very reader for accesses of its own, so what this access knows is kept here. */
  private long loadFrom(MmioHandler device, int size) {
    MemTxResult soFar = lastResult;
    long value = device.read(translation.offset(), size) & LittleEndian.mask(size);
    lastResult = soFar;
    return value;
  }

  private long loadBytes(DispatchedSpace from, long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= loadFrom(resolve(from, address + i, 1, Access.READ), 1) << (8 * i);
    }
    return value;
  }

  @Override
  public MemTxResult store(AddressSpace space, long address, int size, long value) {
    checkSize(size);
    DispatchedSpace from = DispatchedSpace.in(generations, space);
    if (generation != null) {
      return storeInside(from, address, size, value);
    }
    try (ReadSection _ = enter()) {
      return storeInside(from, address, size, value);
    }
  }

  private MemTxResult storeInside(DispatchedSpace from, long address, int size, long value) {
    lastResult = MemTxResult.OK;
    PhysSection found = resolve(from, address, size, Access.WRITE);
    if (translation.length == size) {
      storeTo(found, size, value & LittleEndian.mask(size));
    } else {
      storeBytes(from, address, size, value);
    }
    return lastResult;
  }

  private void storeTo(PhysSection found, int size, long value) {
    if (found.writable != null) {
      LittleEndian.set(found.writable.segment(), translation.offset(), size, value);
    } else if (found.deviceWritable) {
      MemTxResult soFar = lastResult;
      found.device.write(translation.offset(), size, value);
      lastResult = soFar;
    } else {
      lastResult = lastResult.or(MemTxResult.DECODE_ERROR);
    }
  }

  private void storeBytes(DispatchedSpace from, long address, int size, long value) {
    for (int i = 0; i < size; i++) {
      storeTo(resolve(from, address + i, 1, Access.WRITE), 1, value >>> (8 * i) & 0xff);
    }
  }

  private static void checkSize(int size) {
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      throw new IllegalArgumentException("an access of " + size + " bytes; 1, 2, 4 and 8 are possible");
    }
  }

  @Override
  public MemTxResult lastResult() {
    return lastResult;
  }

  @Override
  public void close() {
    if (implicit) {
      throw new IllegalStateException("the thread's own reader ends with its thread; close only what newReader() made");
    }
    rcu.close();
  }
}
