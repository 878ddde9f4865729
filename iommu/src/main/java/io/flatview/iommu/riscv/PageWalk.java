package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/**
 * The walk through one stage's page table (Priv 4.3.2, and 8.5.1 for the second stage). Mutable scratch space of one
 * translation at a time: the result is in the fields, a fault in {@link Fault}.
 *
 * <p>A <em>dry</em> walk finds the answer that an access would get, without writing to tables: where an access would
 * set a bit, it checks whether the bit could be set. It skips tables that are in {@link EmptyTables}.
 */
abstract class PageWalk {

  private enum Step {
    DONE,
    FAULT,
    AGAIN
  }

  final TableMemory tables;
  final Fault fault;

  private final boolean second;
  private final boolean memoryTypes;
  private final int event;

  /** The access that the device makes; names the fault, also for accesses to tables. */
  Access original;

  /** The tables known to be empty, in a dry walk; else null. */
  EmptyTables dry;

  /** The address to which the walk led. */
  long address;

  /** The size less 1 of the block around it. */
  long mask;

  boolean readable;
  boolean writable;
  boolean executable;

  /** The memory type of the leaf, 0 for none. */
  int memoryType;

  PageWalk(TableMemory tables, Fault fault, boolean second, boolean memoryTypes) {
    this.tables = tables;
    this.fault = fault;
    this.second = second;
    this.memoryTypes = memoryTypes;
    this.event = second ? PerformanceMonitor.SECOND_STAGE_WALK : PerformanceMonitor.FIRST_STAGE_WALK;
  }

  /** Finds the physical address of a table's entry; false if a fault was raised. */
  abstract boolean locate(long entry, boolean write);

  /** The address that {@link #locate} found. */
  abstract long located();

  abstract boolean pageFault(long from, long hole);

  /** Whether the U bit of a leaf allows the access. */
  abstract boolean permitsPrivilege(boolean user, Access wanted);

  /** Whether the walk translates the address of a table, and not that of the access. */
  abstract boolean isImplicit();

  final boolean through(long same) {
    address = same;
    mask = -1;
    readable = true;
    writable = true;
    executable = true;
    memoryType = 0;
    return true;
  }

  /** Walks; an entry that changes while it is updated makes the walk start again. */
  final boolean walk(PagingMode mode, long root, long from, Access wanted, boolean updates) {
    if (!mode.holds(from, second)) {
      return pageFault(from, PagingMode.holeMask(from, second));
    }
    Step step;
    do {
      step = descend(mode, root, from, wanted, updates);
    } while (step == Step.AGAIN);
    return step == Step.DONE;
  }

  private Step descend(PagingMode mode, long root, long from, Access wanted, boolean updates) {
    long table = root << 12;
    for (int level = mode.levels() - 1; level >= 0; level--) {
      long entry = table + 8L * mode.index(from, level, second);
      if (!locate(entry, false)) {
        return fail(fault.within(PagingMode.span(level)));
      }
      if (!tables.load(located(), event)) {
        return fail(fault.raise(FaultCause.accessFault(original), PagingMode.span(level)));
      }
      long pte = tables.value();
      boolean sound = Pte.isSound(pte, memoryTypes);
      if (sound && Pte.isLeaf(pte)) {
        return leaf(pte, level, entry, from, wanted, updates);
      }
      table = Pte.page(pte) << 12;
      if (!sound || !Pte.isSoundPointer(pte) || isKnownEmpty(level, table, from)) {
        return fail(pageFault(from, PagingMode.span(level)));
      }
    }
    return fail(pageFault(from, PagingMode.span(0)));
  }

  private boolean isKnownEmpty(int level, long table, long from) {
    return dry != null && !isImplicit() && level > 0 && dry.isEmpty(second, level - 1, table, from);
  }

  /** Ends a step with a fault; the argument is false, the result of raising it. */
  private static Step fail(boolean passed) {
    return passed ? Step.DONE : Step.FAULT;
  }

  private Step leaf(long pte, int level, long entry, long from, Access wanted, boolean updates) {
    long span = Pte.span(pte, level);
    boolean user = (pte & Pte.USER) != 0;
    if (span == -1 || !permitsPrivilege(user, wanted) || !Pte.permits(pte, wanted)) {
      return fail(pageFault(from, PagingMode.span(level)));
    }
    long marked = pte | Pte.ACCESSED | (wanted.writes() ? Pte.DIRTY : 0);
    if (marked != pte) {
      if (!updates) {
        return fail(pageFault(from, PagingMode.span(level)));
      }
      Step step = update(entry, level, pte, marked);
      if (step != Step.DONE) {
        return step;
      }
    }
    return grant(marked, span, from);
  }

  private Step update(long entry, int level, long pte, long marked) {
    if (!locate(entry, true)) {
      return fail(fault.within(PagingMode.span(level)));
    }
    return switch (replace(pte, marked)) {
      case DONE -> Step.DONE;
      case CHANGED -> Step.AGAIN;
      case IMPOSSIBLE -> fail(fault.raise(FaultCause.accessFault(original), PagingMode.span(level)));
    };
  }

  private TableMemory.Update replace(long pte, long marked) {
    if (dry == null) {
      return tables.replace(located(), pte, marked);
    }
    return tables.isReplaceable(located()) ? TableMemory.Update.DONE : TableMemory.Update.IMPOSSIBLE;
  }

  /** Grants writes only if the entry is dirty, since the first write must walk to set D. */
  private Step grant(long pte, long span, long from) {
    boolean user = (pte & Pte.USER) != 0;
    address = (Pte.page(pte) << 12 & ~span) | (from & span);
    mask = span;
    readable = (pte & Pte.READABLE) != 0 && permitsPrivilege(user, Access.READ);
    writable = (pte & (Pte.WRITABLE | Pte.DIRTY)) == (Pte.WRITABLE | Pte.DIRTY)
        && permitsPrivilege(user, Access.WRITE);
    executable = (pte & Pte.EXECUTABLE) != 0 && permitsPrivilege(user, Access.FETCH);
    memoryType = Pte.memoryType(pte);
    return Step.DONE;
  }
}
