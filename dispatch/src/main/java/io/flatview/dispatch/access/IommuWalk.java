package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Translation.Fault;
import io.flatview.rcu.RcuReference;
import java.util.Arrays;

/** Follows an address through IOMMUs. Confined to its reader's thread. */
final class IommuWalk {

  private final LookupReader reader;
  private final RcuReference<Generation> generations;
  private final int hopLimit;

  private IommuTlbEntry[] entries = {new IommuTlbEntry()};
  private int asking;

  /** The space that the last hop led to. Nearly all hops of a reader lead to the same. */
  private DispatchedSpace target;

  /** The generation in which that was. */
  private Generation targetGeneration;

  private PhysPageMap targetMap;

  /** Who answered in it. */
  private PhysSection targetLeaf;

  IommuWalk(LookupReader reader, RcuReference<Generation> generations, int hopLimit) {
    this.reader = reader;
    this.generations = generations;
    this.hopLimit = hopLimit;
  }

  /** Leaves in the translation where the address leads in the end. */
  void walk(
      ReaderTranslation to, Generation generation, DispatchedSpace from, PhysPageMap in, PhysSection first,
      long address, long length, Access access, MemTxAttrs attributes) {
    DispatchedSpace space = from;
    PhysPageMap map = in;
    PhysSection found = first;
    long at = address;
    long narrowed = length;
    IommuTranslator asked = null;
    long offset = 0;
    for (int hop = 0; found.translator != null; hop++) {
      if (hop == hopLimit) {
        report(asked, offset, access, attributes, Fault.HOP_LIMIT);
        to.forwarded(space, Fault.HOP_LIMIT);
        to.arrive(map.unassigned(), false);
        to.at(at, narrowed, access);
        return;
      }
      asked = found.translator;
      offset = at + found.toOffset;
      IommuTlbEntry entry = ask(asked, offset, access, attributes);
      if (!entry.permits(access) || (access == Access.WRITE && found.readOnly)) {
        report(asked, offset, access, attributes, Fault.PERMISSION);
        to.forwarded(space, Fault.PERMISSION);
        to.arrive(map.unassigned(), false);
        to.at(at, narrowed, access);
        return;
      }
      narrowed = ReaderTranslation.narrowed(narrowed, found.last - at);
      narrowed = ReaderTranslation.narrowed(narrowed, entry.addrMask() - (offset & entry.addrMask()));
      at = entry.apply(offset);
      turnTo(entry.target(), generation);
      space = target;
      map = targetMap;
      found = findInTarget(at);
    }
    to.forwarded(space, Fault.NONE);
    to.arrive(found, found != map.unassigned());
    to.at(at, narrowed, access);
  }

  private void turnTo(AddressSpace named, Generation generation) {
    if (named != target || generation != targetGeneration) {
      forget();
      DispatchedSpace space = DispatchedSpace.in(generations, named);
      targetMap = generation.map(space.slot());
      targetLeaf = targetMap.unassigned();
      targetGeneration = generation;
      target = space;
    }
  }

  private PhysSection findInTarget(long address) {
    if (!targetLeaf.holds(address)) {
      targetLeaf = targetMap.find(address);
    }
    return targetLeaf;
  }

  /** Lets go of what the last hop led to. */
  void forget() {
    target = null;
    targetGeneration = null;
    targetMap = null;
    targetLeaf = null;
  }

  /**
   * Asks a translator. It may walk tables in memory with this very reader, and through further IOMMUs: so each level of
   * asking has an entry of its own, and what the access knows so far is kept.
   */
  private IommuTlbEntry ask(IommuTranslator translator, long offset, Access access, MemTxAttrs attributes) {
    if (asking == entries.length) {
      entries = Arrays.copyOf(entries, asking + 1);
    }
    if (entries[asking] == null) {
      entries[asking] = new IommuTlbEntry();
    }
    IommuTlbEntry entry = entries[asking];
    entry.deny();
    MemTxResult soFar = reader.lastResult();
    MemTxAttrs own = reader.attributes();
    asking++;
    try {
      translator.translate(offset, access, translator.indexOf(attributes), reader, entry);
    } finally {
      asking--;
      reader.restore(soFar, own);
    }
    return entry;
  }

  /** Tells the owner of the IOMMU that was asked last, whose entry is still as it left it. */
  private void report(
      IommuTranslator asked, long offset, Access access, MemTxAttrs attributes, Fault fault) {
    MemTxResult soFar = reader.lastResult();
    MemTxAttrs own = reader.attributes();
    IommuTlbEntry entry = entries[asking];
    asking++;
    try {
      asked.refused(offset, access, asked.indexOf(attributes), fault, entry, reader);
    } finally {
      asking--;
      reader.restore(soFar, own);
    }
  }
}
