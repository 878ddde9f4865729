package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Translation;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

/**
 * Sections and lookups of a reader.
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
 * for each access.
 *
 * <p>Holes and what lies behind an IOMMU are not kept: a hole has no edges here, and an IOMMU may change its mind; what
 * it allows to use again, {@link IommuWalk} keeps.
 */
abstract sealed class LookupReader implements MapReader permits DispatchReader {

  private static final Object NOWHERE = new Object();

  /** The one of this reader; the leaf in it is the last leaf. */
  final ReaderTranslation translation = new ReaderTranslation();

  /** How many sections are open, one in the other. */
  int depth;

  /** What the present section has written, and marks at its end. */
  final PendingMarks marks = new PendingMarks();

  private final Reader rcu;
  private final RcuReference<Generation> generations;
  private final boolean implicit;
  private final ReadSection section = this::leave;
  private final IommuWalk iommus;

  private ReadSection rcuSection;

  /** The one in force at the last entry. */
  private Generation generation;

  /** The space of {@link #map}, or nowhere. */
  private Object mapSpace = NOWHERE;

  /** The map of a space in {@link #generation}. */
  private PhysPageMap map;

  /** The space in which the translation's leaf answers, or nowhere. */
  private Object leafSpace = NOWHERE;

  LookupReader(Reader rcu, RcuReference<Generation> generations, int hopLimit, boolean implicit) {
    this.rcu = rcu;
    this.generations = generations;
    this.implicit = implicit;
    this.iommus = new IommuWalk(this, generations, hopLimit);
  }

  /** What the initiator of the present access says of itself. */
  abstract MemTxAttrs attributes();

  /** After an access that a translator made with this reader. */
  abstract void restore(MemTxResult soFar, MemTxAttrs attributes);

  // Sections

  @Override
  public ReadSection enter() {
    if (depth == 0) {
      enterOutermost();
    }
    depth++;
    return section;
  }

  final void enterOutermost() {
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
    iommus.forget();
    map = null;
    translation.forget();
  }

  final void leave() {
    if (depth == 0) {
      throw new IllegalStateException("section of reader '" + rcu.name() + "' closed more often than entered");
    }
    if (--depth == 0) {
      if (!marks.isEmpty()) {
        marks.finish();
      }
      rcuSection.close();
    }
  }

  @Override
  public long generation() {
    requireInside();
    return generation.number();
  }

  /** The generation that the present section sees. */
  final Generation inForce() {
    return generation;
  }

  final void requireInside() {
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
    if (length == 0) {
      throw new IllegalArgumentException("a translation of 0 bytes; ask for at least 1");
    }
    PhysSection leaf = leafAt(space, address);
    if (leaf.translator == null) {
      translation.at(address, length, access);
    } else {
      walk(leaf, address, length, access, attributes);
    }
    return translation;
  }

  /** The leaf for an address, which may be an IOMMU's. */
  final PhysSection leafAt(AddressSpace space, long address) {
    PhysSection last = translation.leaf;
    return space == leafSpace && last.holds(address) ? last : find(space, address);
  }

  /** Looks up who answers. */
  private PhysSection find(AddressSpace space, long address) {
    if (mapSpace != space) {
      turnTo(DispatchedSpace.in(generations, space));
    }
    PhysSection found = map.candidate(address);
    if (!found.holds(address)) {
      return findUnkept(found, address);
    }
    answerIn(space);
    translation.arrive(found);
    return found;
  }

  /** A hole, or what a reader must not keep. Where an IOMMU leads is left to the walk. */
  private PhysSection findUnkept(PhysSection candidate, long address) {
    PhysSection found = candidate.covers(address) ? candidate : map.unassigned();
    if (found.translator == null) {
      answerIn(mapSpace);
      translation.arrive(found, found != map.unassigned());
    }
    return found;
  }

  /** The translation's next leaf is one of the map's. */
  private void answerIn(Object space) {
    if (leafSpace != space) {
      leafSpace = space;
      translation.in((DispatchedSpace) mapSpace);
    }
  }

  private void turnTo(DispatchedSpace space) {
    mapSpace = NOWHERE;
    map = generation.map(space.slot());
    mapSpace = space;
  }

  /** Leaves nothing behind that a later access could take for the answer of the space in which the walk begins. */
  private PhysSection walk(
      PhysSection first, long address, long length, Access access, MemTxAttrs attributes) {
    PhysSection found = iommus.again(first, address, length, access, attributes);
    if (found == null) {
      found = iommus.walk((DispatchedSpace) mapSpace, first, address, length, access, attributes);
    }
    if (leafSpace != NOWHERE) {
      leafSpace = NOWHERE;
    }
    return found;
  }

  /** Completes the translation that a lookup has just begun. */
  final PhysSection arrive(PhysSection leaf, long address, long length, Access access) {
    if (leaf.translator != null) {
      return walk(leaf, address, length, access, attributes());
    }
    translation.at(address, length, access);
    return leaf;
  }

  /** Translates for an access that has begun. */
  PhysSection resolve(AddressSpace space, long address, long length, Access access) {
    return arrive(leafAt(space, address), address, length, access);
  }

  /** How many bytes one answer serves at the most, from the translated address on; also of a device. */
  long reach(PhysSection leaf) {
    return ReaderTranslation.narrowed(translation.length(), leaf.last - translation.address);
  }

  /** Where the translated address is in the region. */
  long offset() {
    return translation.offset();
  }

  /** Whether a section is entered. */
  boolean isInside() {
    return depth != 0;
  }

  /** The memory that serves the present translation for as long as the generation stands, or null. */
  RamBlock direct(Access access) {
    return translation.direct(access);
  }

  @Override
  public void close() {
    if (implicit) {
      throw new IllegalStateException("the thread's own reader ends with its thread; close only what newReader() made");
    }
    rcu.close();
    forget();
  }

  /** The implementation of an address space, which must be of this reader's memory system. */
  final DispatchedSpace dispatched(AddressSpace space) {
    return DispatchedSpace.in(generations, space);
  }
}
