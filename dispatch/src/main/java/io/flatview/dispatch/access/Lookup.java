package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxAttrs;
import io.flatview.rcu.RcuReference;

/**
 * Finds the leaf that answers at an address. Confined to the reader's thread.
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
final class Lookup {

  /** The one of the reader; the leaf in it is the last leaf. */
  final ReaderTranslation translation;

  private final RcuReference<Generation> generations;
  private final IommuWalk iommus;

  /** The one in force at the last entry. */
  private Generation generation;

  /** The space of {@link #map}, or nowhere. */
  private Object mapSpace = ReaderTranslation.NOWHERE;

  /** The map of a space in {@link #generation}. */
  private PhysPageMap map;

  Lookup(RcuReference<Generation> generations, ReaderTranslation translation, IommuWalk iommus) {
    this.generations = generations;
    this.translation = translation;
    this.iommus = iommus;
  }

  /** A section begins that sees a generation. */
  void see(Generation inForce) {
    if (generation != inForce) {
      forget();
      iommus.see(inForce);
      generation = inForce;
    }
  }

  /** Holds on to nothing that a commit may replace. */
  void forget() {
    generation = null;
    mapSpace = ReaderTranslation.NOWHERE;
    map = null;
    iommus.forget();
    translation.forget();
  }

  /** The generation that the present section sees. */
  Generation inForce() {
    return generation;
  }

  /** The leaf for an address, which may be an IOMMU's. */
  PhysSection leafAt(AddressSpace space, long address) {
    PhysSection last = translation.leaf;
    return space == translation.leafSpace && last.holds(address) ? last : find(space, address);
  }

  PhysSection find(AddressSpace space, long address) {
    if (mapSpace != space) {
      turnTo(DispatchedSpace.in(generations, space));
    }
    PhysSection found = map.candidate(address);
    if (!found.holds(address)) {
      return findUnkept(found, address);
    }
    translation.answerIn(space);
    translation.found(found);
    return found;
  }

  /** A hole, or what a reader must not keep. Where an IOMMU leads is left to the walk. */
  private PhysSection findUnkept(PhysSection candidate, long address) {
    PhysSection found = candidate.covers(address) ? candidate : map.unassigned();
    if (found.translator == null) {
      translation.answerIn(mapSpace);
      translation.found(found, found != map.unassigned());
      if (found == map.unassigned() && !generation.holds(((DispatchedSpace) mapSpace).slot())) {
        translation.absent();
      }
    }
    return found;
  }

  private void turnTo(DispatchedSpace space) {
    mapSpace = ReaderTranslation.NOWHERE;
    map = generation.map(space.slot());
    mapSpace = space;
  }

  /** Finds the leaf that answers in the end, and leaves in the translation where the address leads. */
  PhysSection resolve(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    return complete(leafAt(space, address), address, length, access, attributes);
  }

  /** Completes the lookup that has just given a leaf. */
  PhysSection complete(PhysSection leaf, long address, long length, Access access, MemTxAttrs attributes) {
    if (leaf.translator != null) {
      return walk(leaf, address, length, access, attributes);
    }
    translation.at(address, length, access);
    return leaf;
  }

  private PhysSection walk(
      PhysSection first, long address, long length, Access access, MemTxAttrs attributes) {
    PhysSection found = iommus.again(first, address, length, access, attributes);
    if (found == null) {
      found = iommus.walk((DispatchedSpace) mapSpace, first, address, length, access, attributes);
    }
    translation.answerNowhere();
    return found;
  }

  /** The implementation of an address space, which must be of this memory system. */
  DispatchedSpace dispatched(AddressSpace space) {
    return DispatchedSpace.in(generations, space);
  }
}
