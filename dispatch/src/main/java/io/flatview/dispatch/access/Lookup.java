package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxAttrs;
import io.flatview.rcu.RcuReference;

/**
 * Finds the leaf that answers at an address. Confined to the reader's thread.
 *
 * <h2>The last leaves</h2>
 *
 * <p>The reader keeps the result of its last lookups: the generation, an address space and its map in that generation,
 * and two leaves, the one that answered last below 4 GiB and the one that answered last from there on. A lookup in the
 * same space at an address in the leaf of its side does not walk the table. The memory of a PC lies on both sides: if
 * one leaf were kept, a stream over all of it would branch at each access on a question whose answer no predictor
 * knows. A later section uses the result again only if it sees the same generation; the reader refers to the
 * generation, so no other object can have its identity. So one compare at entry validates the result, and none at each
 * access.
 *
 * <p>Holes and leaves behind an IOMMU are not kept: the leaf of holes has no bounds, and an IOMMU may change its
 * answer. {@link IommuWalk} keeps answers of IOMMUs that allow it.
 *
 * <p>The leaf of a variant is kept, but its range of kept addresses is empty, so each access to it takes the slower
 * path. There the reader compares the selections of the banks with the present ones; so a selection need not invalidate
 * anything in readers.
 */
final class Lookup {

  private static final long WIDEST = AccessSizes.ANY.max();

  /** The translation of the reader; the leaves in it are the last leaves. */
  final ReaderTranslation translation;

  private final RcuReference<Generation> generations;
  private final IommuWalk iommus;
  private final SelectedBanks banks;

  /** A generation without address spaces, kept between sections and never null: another thread may look. */
  private final Generation nothing;

  /** The generation in force at the last entry. */
  private Generation generation;

  /** The space of {@link #map}, or {@link ReaderTranslation#NOWHERE}. */
  private Object mapSpace = ReaderTranslation.NOWHERE;

  /** The map of a space in {@link #generation}. */
  private PhysPageMap map;

  /** The leaf of the last bank in {@link #map} through which a lookup went; null if none did. */
  private PhysSection bank;

  Lookup(
      RcuReference<Generation> generations, Generation nothing, ReaderTranslation translation, IommuWalk iommus,
      SelectedBanks banks) {
    this.banks = banks;
    this.generations = generations;
    this.nothing = nothing;
    this.generation = nothing;
    this.map = nothing.map(Generation.NO_SLOT);
    this.translation = translation;
    this.iommus = iommus;
    iommus.see(nothing);
  }

  /** Called when a section begins, with the generation that it sees. */
  void see(Generation inForce) {
    if (generation != inForce) {
      forget();
      iommus.see(inForce);
      generation = inForce;
    }
  }

  /** Whether there is nothing to {@link #forget}. */
  boolean isForgotten() {
    return generation == nothing;
  }

  /** Drops all references that a commit may replace. */
  void forget() {
    generation = nothing;
    mapSpace = ReaderTranslation.NOWHERE;
    map = nothing.map(Generation.NO_SLOT);
    bank = null;
    iommus.see(nothing);
    iommus.forget();
    translation.forget();
  }

  /** The generation that the present section sees. */
  Generation inForce() {
    return generation;
  }

  /**
   * Finds the leaf at an address that the last leaf near it does not have. It tests for banks first, by a field of this
   * object, so that spaces without banks pay no more.
   */
  PhysSection find(AddressSpace space, long address) {
    return bank == null ? walk(space, address) : findInBank(space, address);
  }

  /**
   * Finds the leaf at an address if an earlier lookup went through a bank: the last leaf may be a variant's that the
   * bank still shows, or the bank may show another leaf there.
   */
  private PhysSection findInBank(AddressSpace space, long address) {
    PhysSection last = translation.lastNear(address);
    if (last.way != null && space == translation.leafSpace && last.covers(address) && last.way.isCurrent()) {
      return last;
    }
    if (space == mapSpace && bank.covers(address)) {
      PhysSection selected = banks.behind(bank, address);
      if (selected.way != null && selected.translator == null) {
        translation.answerIn(space);
        translation.found(selected, address);
        return selected;
      }
    }
    return walk(space, address);
  }

  private PhysSection walk(AddressSpace space, long address) {
    if (mapSpace != space) {
      turnTo(DispatchedSpace.in(generations, space));
    }
    PhysSection found = map.candidate(address);
    if (!found.holds(address)) {
      return findUnkept(found, address);
    }
    translation.answerIn(space);
    translation.found(found, address);
    return found;
  }

  /**
   * Finds the leaf at an address where the candidate cannot be kept: it is a hole, an IOMMU or a bank. Does not follow
   * IOMMUs.
   */
  private PhysSection findUnkept(PhysSection candidate, long address) {
    PhysSection there = candidate.covers(address) ? candidate : map.unassigned();
    if (there.table != null && bank != there) {
      bank = there;
    }
    PhysSection found = banks.behind(there, address);
    if (found.translator == null) {
      translation.answerIn(turnedTo());
      translation.foundPerhapsAgain(found, address);
      if (found == map.unassigned() && !turnedTo().isIn(generation)) {
        translation.absent();
      }
    }
    return found;
  }

  private void turnTo(DispatchedSpace space) {
    mapSpace = ReaderTranslation.NOWHERE;
    bank = null;
    map = space.map(generation);
    mapSpace = space;
  }

  /** The space of the present lookup: only another thread in the same reader can have let go of it. */
  private DispatchedSpace turnedTo() {
    if (mapSpace instanceof DispatchedSpace space) {
      return space;
    }
    throw Sections.shared();
  }

  /** Finds the leaf that answers behind all IOMMUs, and sets the translation to the final address. */
  PhysSection resolve(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    PhysSection last = translation.lastNear(address);
    PhysSection found = space == translation.leafSpace && last.holds(address) ? last : find(space, address);
    return complete(found, address, length, access, attributes);
  }

  /** Begins an access that is cut into pieces; returns the token for its pieces and its end. */
  int beginPieces() {
    return banks.begin();
  }

  /** Like {@link #resolve}, but with the selections that earlier pieces of the same access used. */
  PhysSection resolvePiece(
      int pieces, AddressSpace space, long address, long length, Access access, MemTxAttrs attributes) {
    int before = banks.hold(pieces);
    try {
      return complete(walk(space, address), address, length, access, attributes);
    } finally {
      banks.goBack(before);
    }
  }

  /** Like {@link #lastOf}, but with the selections that earlier pieces of the same access used. */
  PhysSection lastOfPieces(int pieces, PhysSection leaf, int size, Access access) {
    int before = banks.hold(pieces);
    try {
      return lastOf(leaf, size, access);
    } finally {
      banks.goBack(before);
    }
  }

  /** Like {@link #step}, but with the selections that earlier pieces of the same access used. */
  int stepPiece(int pieces, PhysSection leaf, Access access) {
    int before = banks.hold(pieces);
    try {
      return step(leaf, access);
    } finally {
      banks.goBack(before);
    }
  }

  /** Ends an access that is cut into pieces. */
  void endPieces(int pieces) {
    banks.end(pieces);
  }

  /** Completes a lookup that has just found a leaf. */
  PhysSection complete(PhysSection leaf, long address, long length, Access access, MemTxAttrs attributes) {
    if (!leaf.isKept()) {
      return completeUnkept(leaf, address, length, access, attributes);
    }
    translation.at(address, length, access);
    return leaf;
  }

  private PhysSection completeUnkept(
      PhysSection leaf, long address, long length, Access access, MemTxAttrs attributes) {
    if (leaf.translator != null) {
      return walk(leaf, address, length, access, attributes);
    }
    if (leaf == map.unassigned()) {
      return completeInHole(leaf, address, length, access, attributes);
    }
    translation.at(address, length, access);
    return leaf;
  }

  /**
   * Completes a lookup that found a hole. If the address is beyond the last address of the space, it is looked up again
   * without its higher bits.
   */
  private PhysSection completeInHole(
      PhysSection hole, long address, long length, Access access, MemTxAttrs attributes) {
    long last = turnedTo().lastAddress();
    long at = address & last;
    long left = ReaderTranslation.narrowed(length, last - at);
    PhysSection found = at == address ? hole : banks.find(map, at);
    if (found.translator != null) {
      return walk(found, at, left, access, attributes);
    }
    if (found != hole) {
      translation.answerIn(turnedTo());
      translation.found(found, at);
      translation.at(at, left, access);
    } else {
      translation.foundPerhapsAgain(hole, at);
      translation.at(at, banks.inHole(map, at, left), access);
    }
    return found;
  }

  /**
   * The leaf at the last byte of an access from the translated address on, if the region at its first byte gets it
   * whole; else null. An access may cross the leaves into which taps divide a section. And a device gets an access
   * whole if it also answers at the last byte, even if another region lies over bytes in between: registers of one byte
   * lie over wider ones, as the reset control of a PC at 0xcf9 over the address of configuration space at 0xcf8.
   */
  PhysSection lastOf(PhysSection leaf, int size, Access access) {
    long end = translation.address + size - 1;
    if (size > translation.wanted() || Long.compareUnsigned(end, translation.address) < 0) {
      return null;
    }
    PhysSection last = banks.find(translation.there().map(generation), end);
    boolean whole = leaf.isPartOfOneWith(last) || leaf.asksDevice(access) && leaf.isContinuedBy(last);
    return whole ? last : null;
  }

  /**
   * The number of bytes of the next access of a transfer, from the translated address on: in a device the largest
   * aligned access that it finds valid, in observed memory an aligned one, in a hole one byte.
   */
  int step(PhysSection leaf, Access access) {
    long offset = translation.address + leaf.toOffset;
    if (!leaf.asksDevice(access)) {
      return leaf.memory == null ? 1 : stepInMemory(leaf, offset);
    }
    long reach = translation.reach(leaf);
    if (reach == translation.wanted() || reach >= WIDEST) {
      return leaf.device.step(offset, reach);
    }
    return stepUnderOverlays(leaf, offset, reach, access);
  }

  /**
   * The number of bytes of the next aligned access in memory, up to the end of the section, across the leaves into
   * which taps divide it.
   */
  private int stepInMemory(PhysSection leaf, long offset) {
    long distance = leaf.section.range().last() - translation.address;
    long reach = ReaderTranslation.narrowed(translation.wanted(), distance);
    return (int) Math.min(Long.lowestOneBit(offset | WIDEST), Long.highestOneBit(reach));
  }

  private int stepUnderOverlays(PhysSection leaf, long offset, long reach, Access access) {
    int step = leaf.device.step(offset, Math.min(translation.wanted(), WIDEST));
    while (step > reach && lastOf(leaf, step, access) == null) {
      step = leaf.device.step(offset, step - 1);
    }
    return step;
  }

  private PhysSection walk(
      PhysSection first, long address, long length, Access access, MemTxAttrs attributes) {
    PhysSection found = iommus.again(first, address, length, access, attributes);
    return found != null ? found : iommus.walk(turnedTo(), first, address, length, access, attributes);
  }

  /** The implementation of an address space, which must be of this memory system. */
  DispatchedSpace dispatched(AddressSpace space) {
    return DispatchedSpace.in(generations, space);
  }
}
