package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Translation;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

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
  private final boolean implicit;
  private final ReadSection section = this::leave;
  private final ReaderTranslation translation = new ReaderTranslation();
  private final IommuWalk iommus;
  private final SlowAccess slow = new SlowAccess();

  private int depth;
  private ReadSection rcuSection;
  private Generation generation;

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
    return translation;
  }

  private PhysSection resolve(DispatchedSpace space, long address, long length, Access access) {
    Generation pinned = pinned();
    PhysPageMap map = pinned.map(space.slot());
    PhysSection found = map.find(address);
    if (found.translator != null) {
      iommus.walk(translation, pinned, space, found, address, length, access);
      return translation.leaf;
    }
    translation.set(space, map, found, access, Translation.Fault.NONE);
    translation.at(address, ReaderTranslation.narrowed(found, address, length, access));
    return found;
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
    slow.reset();
    PhysSection leaf = resolve(from, address, size, Access.READ);
    return translation.length == size ? loadFrom(leaf, size) : loadBytes(from, address, size);
  }

  private long loadFrom(PhysSection leaf, int size) {
    return leaf.readable != null
        ? LittleEndian.get(leaf.readable.segment(), translation.offset(), size)
        : slow.load(leaf, translation.offset(), size);
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
    slow.reset();
    PhysSection leaf = resolve(from, address, size, Access.WRITE);
    if (translation.length == size) {
      storeTo(leaf, size, value & LittleEndian.mask(size));
    } else {
      storeBytes(from, address, size, value);
    }
    return slow.result();
  }

  private void storeTo(PhysSection leaf, int size, long value) {
    if (leaf.writable != null) {
      LittleEndian.set(leaf.writable.segment(), translation.offset(), size, value);
    } else {
      slow.store(leaf, translation.offset(), size, value);
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
  }
}
