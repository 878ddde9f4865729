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
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Translation.Fault;
import io.flatview.rcu.RcuReference;
import java.util.Arrays;

/**
 * Follows an address through IOMMUs. Confined to its reader's thread.
 *
 * <p>A few answers that a translator {@linkplain IommuTlbEntry#reusableWhile allows} to cache are cached by page. A
 * cached answer is used only for the same leaf and the same attributes, and only after a compare of the translator's
 * sequence; {@link io.flatview.memory.InvalidationSequence} says why that is enough. No leaf is kept across
 * generations: the target address is looked up in the generation in force, like every address.
 */
final class IommuWalk {

  private static final int HOPS = 8;

  /** An empty entry of the cache. */
  private static final IommuHop NOTHING = new IommuHop();

  private final MapReader reader;
  private final Sections sections;
  private final AccessState state;
  private final ReaderTranslation to;
  private final SelectedBanks banks;
  private final RcuReference<Generation> generations;
  private final int hopLimit;

  /** The cached answers, by the lowest bits of the page number. */
  private final IommuHop[] hops = new IommuHop[HOPS];

  private IommuHop[] nested = {};
  private int asking;

  /** The generation that the present section sees. */
  private Generation generation;

  /** The address space to which the last hop led. Nearly all hops of a reader lead to the same space. */
  private DispatchedSpace target;

  /** The page map of {@link #target} in {@link #generation}; dropped when the generation changes. */
  private PhysPageMap targetMap;

  /** The leaf in {@link #targetMap} at which the last hop ended. */
  private PhysSection targetLeaf;

  /** Makes a walk; translators read their tables with {@code reader}. */
  IommuWalk(
      MapReader reader, Sections sections, AccessState state, ReaderTranslation to, SelectedBanks banks,
      RcuReference<Generation> generations, int hopLimit) {
    this.reader = reader;
    this.sections = sections;
    this.state = state;
    this.to = to;
    this.banks = banks;
    this.generations = generations;
    this.hopLimit = hopLimit;
    Arrays.fill(hops, NOTHING);
  }

  /**
   * Translates through one IOMMU with a cached answer, if that ends in the leaf in which the last hop ended. Nearly
   * always it does, and the method is short enough to be inlined into its callers.
   *
   * @return the leaf, or null if the address is still to be {@linkplain #walk walked}
   */
  PhysSection again(PhysSection leaf, long address, long length, Access access, MemTxAttrs attributes) {
    long offset = address + leaf.toOffset;
    IommuHop hop = hops[slot(offset, 1)];
    if (!hop.answers(leaf, offset, access, attributes) || isRefused(leaf, access)) {
      return null;
    }
    long at = hop.entry.apply(offset);
    if (hop.entry.target() != target || !targetLeaf.holds(at)) {
      return null;
    }
    to.at(at, narrowed(leaf, hop.entry, address, length), access);
    to.forward(target, targetLeaf);
    return targetLeaf;
  }

  private static boolean isRefused(PhysSection leaf, Access access) {
    return access.writes() && leaf.isReadOnly() || access == Access.FETCH && leaf.refusesFetches();
  }

  private static long narrowed(PhysSection leaf, IommuTlbEntry entry, long address, long length) {
    long within = ReaderTranslation.narrowed(length, leaf.last - address);
    return ReaderTranslation.narrowed(within, entry.addrMask() & ~(address + leaf.toOffset));
  }

  /** Sets the translation to the final address, and returns the leaf there. */
  PhysSection walk(
      DispatchedSpace from, PhysSection first, long address, long length, Access access, MemTxAttrs attributes) {
    to.at(address, length, access);
    PhysSection found = pass(from, first, 1, access, attributes);
    for (int hops = 2; found.translator != null; hops++) {
      found = pass(target, found, hops, access, attributes);
    }
    return found;
  }

  /** Translates through one IOMMU. The result has a translator only if another IOMMU follows. */
  private PhysSection pass(
      DispatchedSpace space, PhysSection leaf, int hops, Access access, MemTxAttrs attributes) {
    long address = to.address;
    long length = to.wanted();
    long offset = address + leaf.toOffset;
    IommuTlbEntry entry = answer(leaf, hops, offset, access, attributes);
    if (!entry.permits(access) || isRefused(leaf, access)) {
      report(leaf.translator, offset, access, attributes, Fault.PERMISSION, entry);
      to.at(address, entry.addrMask() == 0 ? length : narrowed(leaf, entry, address, length), access);
      return to.refuse(space, mapOf(space).unassigned(), Fault.PERMISSION);
    }
    to.at(entry.apply(offset), narrowed(leaf, entry, address, length), access);
    turnTo(entry.target());
    PhysSection found = findInTarget(to.address);
    if (found == targetMap.unassigned()) {
      found = wrapped(found, access);
    }
    if (found == targetMap.unassigned()) {
      endInHole(access);
    } else if (found.translator == null) {
      to.forward(target, found);
    } else if (hops == hopLimit) {
      return endOfHops(leaf.translator, offset, access, attributes, entry);
    }
    return found;
  }

  /** The leaf at the address in the target, without the address bits that the target does not decode. */
  private PhysSection wrapped(PhysSection hole, Access access) {
    long last = target.lastAddress();
    long at = to.address & last;
    boolean beyond = at != to.address;
    to.at(at, ReaderTranslation.narrowed(to.wanted(), last - at), access);
    return beyond ? findInTarget(at) : hole;
  }

  private void endInHole(Access access) {
    to.at(to.address, banks.inHole(targetMap, to.address, to.wanted()), access);
    to.forward(target, targetMap.unassigned());
    if (!target.isIn(generation)) {
      to.absent();
    }
  }

  private PhysSection endOfHops(
      IommuTranslator last, long offset, Access access, MemTxAttrs attributes, IommuTlbEntry entry) {
    long address = to.address;
    long length = to.wanted();
    DispatchedSpace space = target;
    report(last, offset, access, attributes, Fault.HOP_LIMIT, entry);
    to.at(address, length, access);
    return to.refuse(space, mapOf(space).unassigned(), Fault.HOP_LIMIT);
  }

  private PhysPageMap mapOf(DispatchedSpace space) {
    return space.map(generation);
  }

  private void turnTo(AddressSpace named) {
    if (named != target) {
      target = null;
      DispatchedSpace space = DispatchedSpace.in(generations, named);
      targetMap = mapOf(space);
      targetLeaf = targetMap.unassigned();
      target = space;
    }
  }

  private PhysSection findInTarget(long address) {
    if (!targetLeaf.holds(address)) {
      targetLeaf = banks.find(targetMap, address);
    }
    return targetLeaf;
  }

  /** Called when a section sees another generation than the last one, or when the reader forgets all generations. */
  void see(Generation inForce) {
    generation = inForce;
  }

  /** Drops the leaves of the last hop; not called while a translator is called. */
  void forget() {
    target = null;
    targetMap = null;
    targetLeaf = null;
    for (IommuHop hop : hops) {
      if (hop != NOTHING) {
        hop.forget();
      }
    }
    for (IommuHop hop : nested) {
      hop.forget();
    }
  }

  /**
   * The answer of the translator, or a cached one. A translator may read tables in memory with this reader, perhaps
   * through further IOMMUs: so each level of calls has an entry of its own.
   */
  private IommuTlbEntry answer(PhysSection leaf, int passed, long offset, Access access, MemTxAttrs attributes) {
    IommuHop hop = asking == 0 ? hop(slot(offset, passed)) : nested();
    if (!hop.answers(leaf, offset, access, attributes)) {
      hop.ask(leaf, offset, attributes);
      ask(leaf.translator, offset, access, attributes, hop.entry);
    }
    return hop.entry;
  }

  private static int slot(long offset, int hops) {
    return (int) (offset >>> 12) + hops & HOPS - 1;
  }

  private IommuHop hop(int slot) {
    if (hops[slot] == NOTHING) {
      hops[slot] = new IommuHop();
    }
    return hops[slot];
  }

  private IommuHop nested() {
    if (asking > nested.length) {
      IommuHop[] longer = Arrays.copyOf(nested, asking);
      longer[asking - 1] = new IommuHop();
      nested = longer;
    }
    return nested[asking - 1];
  }

  /** Calls the translator in a nested section, and restores the state of the access afterwards. */
  private void ask(
      IommuTranslator translator, long offset, Access access, MemTxAttrs attributes, IommuTlbEntry entry) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    begin();
    try {
      translator.translate(offset, access, translator.indexOf(attributes), reader, entry);
    } finally {
      asking--;
      sections.depth--;
      end(soFar, own);
    }
  }

  /** Reports a refusal to the translator that was called last. */
  private void report(
      IommuTranslator asked, long offset, Access access, MemTxAttrs attributes, Fault fault, IommuTlbEntry entry) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    begin();
    try {
      asked.refused(offset, access, asked.indexOf(attributes), fault, entry, reader);
    } finally {
      asking--;
      sections.depth--;
      end(soFar, own);
    }
  }

  private void begin() {
    StackRoom.require();
    asking++;
    sections.depth++;
  }

  private void end(MemTxResult soFar, MemTxAttrs own) {
    if (sections.depth == 0) {
      sections.end();
    }
    state.restore(soFar, own);
  }
}
