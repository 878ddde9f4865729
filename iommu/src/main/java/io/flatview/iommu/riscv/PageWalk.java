package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/**
 * The walk through one stage's page table (Priv 4.3.2, and 8.5.1 for the second stage). Mutable scratch space of one
 * translation at a time: the outcome is in the fields, and a fault in {@link Fault}.
 */
abstract class PageWalk {

  private enum Step {
    DONE,
    FAULT,
    AGAIN
  }

  final TableMemory tables;
  final Fault fault;

  /** What the device wants; names the fault, also for accesses to tables. */
  Access original;

  /** Asks what is mapped, for both directions, and changes nothing. */
  boolean probing;

  /** Where the address leads. */
  long address;

  /** The size less 1 of the block around it. */
  long mask;

  boolean readable;
  boolean writable;

  PageWalk(TableMemory tables, Fault fault) {
    this.tables = tables;
    this.fault = fault;
  }

  /** Finds where a table's entry is in physical memory; false if a fault was raised. */
  abstract boolean locate(long entry, boolean write);

  /** What {@link #locate} found. */
  abstract long located();

  abstract boolean pageFault(long from, long hole);

  /** Whether the U bit of a leaf allows the access. */
  abstract boolean permitsPrivilege(boolean user);

  final boolean through() {
    address = 0;
    mask = -1;
    readable = true;
    writable = true;
    return true;
  }

  /** Walks; an entry that changes while it is updated makes the walk start again. */
  final boolean walk(PagingMode mode, boolean second, long root, long from, Access wanted, boolean updates) {
    if (!mode.holds(from, second)) {
      return pageFault(from, PagingMode.holeMask(from, second));
    }
    Step step;
    do {
      step = descend(mode, second, root, from, wanted, updates);
    } while (step == Step.AGAIN);
    return step == Step.DONE;
  }

  private Step descend(PagingMode mode, boolean second, long root, long from, Access wanted, boolean updates) {
    long table = root << 12;
    for (int level = mode.levels() - 1; level >= 0; level--) {
      long entry = table + 8L * mode.index(from, level, second);
      if (!locate(entry, false)) {
        return fail(fault.within(PagingMode.span(level)));
      }
      if (!tables.load(located())) {
        return fail(fault.raise(FaultCause.accessFault(original), PagingMode.span(level)));
      }
      long pte = tables.value();
      if (Pte.isSound(pte) && Pte.isLeaf(pte)) {
        return leaf(pte, level, entry, from, wanted, updates);
      }
      if (!Pte.isSound(pte) || !Pte.isSoundPointer(pte)) {
        return fail(pageFault(from, PagingMode.span(level)));
      }
      table = Pte.page(pte) << 12;
    }
    return fail(pageFault(from, PagingMode.span(0)));
  }

  /** For the raising of a fault, which gives false. */
  private static Step fail(boolean passed) {
    return passed ? Step.DONE : Step.FAULT;
  }

  private Step leaf(long pte, int level, long entry, long from, Access wanted, boolean updates) {
    long span = Pte.span(pte, level);
    if (span == -1 || !permitsPrivilege((pte & Pte.USER) != 0) || !probing && !permits(pte, wanted)) {
      return fail(pageFault(from, PagingMode.span(level)));
    }
    if (probing) {
      return probed(updates ? pte | Pte.ACCESSED | Pte.DIRTY : pte, span, from);
    }
    long marked = pte | Pte.ACCESSED | (wanted == Access.WRITE ? Pte.DIRTY : 0);
    if (marked != pte) {
      if (!updates) {
        return fail(pageFault(from, PagingMode.span(level)));
      }
      Step step = update(entry, pte, marked);
      if (step != Step.DONE) {
        return step;
      }
    }
    return grant(marked, span, from);
  }

  private static boolean permits(long pte, Access wanted) {
    return (pte & (wanted == Access.READ ? Pte.READABLE : Pte.WRITABLE)) != 0;
  }

  private Step probed(long pte, long span, long from) {
    return (pte & Pte.ACCESSED) == 0 || (pte & Pte.READABLE) == 0
        ? fail(pageFault(from, span))
        : grant(pte, span, from);
  }

  private Step update(long entry, long pte, long marked) {
    if (!locate(entry, true)) {
      return fail(fault.within(PagingMode.span(0)));
    }
    return switch (tables.replace(located(), pte, marked)) {
      case DONE -> Step.DONE;
      case CHANGED -> Step.AGAIN;
      case IMPOSSIBLE -> fail(fault.raise(FaultCause.accessFault(original), PagingMode.span(0)));
    };
  }

  /** A write is granted once the entry is dirty: the first write must come by here to make it so. */
  private Step grant(long pte, long span, long from) {
    address = (Pte.page(pte) << 12 & ~span) | (from & span);
    mask = span;
    readable = (pte & Pte.READABLE) != 0;
    writable = (pte & (Pte.WRITABLE | Pte.DIRTY)) == (Pte.WRITABLE | Pte.DIRTY);
    return Step.DONE;
  }
}
