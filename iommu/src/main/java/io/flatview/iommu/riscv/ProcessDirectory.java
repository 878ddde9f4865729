package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/**
 * The walk through a process directory (sections 2.2 and 2.3.2), whose tables are behind the second stage. Scratch
 * space of one translation at a time.
 */
final class ProcessDirectory {

  private static final int LEAF_BITS = 8;
  private static final int DIRECTORY_BITS = 9;
  private static final long PPN = DeviceContext.PPN << 10;
  private static final long ENTRY_RESERVED = ~(PPN | 1);

  private static final long VALID = 1;
  private static final long ENS = 1 << 1;
  private static final long SUM = 1 << 2;
  private static final long TA_DEFINED = VALID | ENS | SUM | 0xf_ffffL << 12;
  private static final long FSC_RESERVED = 0xffffL << 44;

  private final Capabilities capabilities;
  private final TableMemory tables;
  private final Fault fault;
  private final SecondStage second;
  private long ta;
  private long fsc;
  private PagingMode mode;

  ProcessDirectory(Capabilities capabilities, TableMemory tables, Fault fault, SecondStage second) {
    this.capabilities = capabilities;
    this.tables = tables;
    this.fault = fault;
    this.second = second;
  }

  /** Whether a process's number fits a directory of {@code levels} levels. */
  static boolean holds(int levels, int process) {
    return levels == 0 || levels == 3 || process >>> LEAF_BITS + (levels - 1) * DIRECTORY_BITS == 0;
  }

  /** Finds the process's context; false if a fault was raised. */
  boolean locate(DeviceContext context, int process) {
    long table = context.firstRoot() << 12;
    for (int level = context.processLevels() - 1; level > 0; level--) {
      int index = process >>> LEAF_BITS + (level - 1) * DIRECTORY_BITS & (1 << DIRECTORY_BITS) - 1;
      if (!find(context, table) || !load(8L * index, PerformanceMonitor.PROCESS_DIRECTORY_WALK)) {
        return false;
      }
      long entry = tables.value();
      if ((entry & VALID) == 0) {
        return fault.raise(FaultCause.PDT_NOT_VALID, -1);
      }
      if ((entry & ENTRY_RESERVED) != 0) {
        return fault.raise(FaultCause.PDT_MISCONFIGURED, -1);
      }
      table = (entry & PPN) << 2;
    }
    return leaf(context, table, 16L * (process & (1 << LEAF_BITS) - 1));
  }

  private boolean leaf(DeviceContext context, long table, long offset) {
    if (!find(context, table) || !load(offset, PerformanceMonitor.PROCESS_DIRECTORY_WALK)) {
      return false;
    }
    ta = tables.value();
    if (!load(offset + 8, PerformanceMonitor.NONE)) {
      return false;
    }
    fsc = tables.value();
    if ((ta & VALID) == 0) {
      return fault.raise(FaultCause.PDT_NOT_VALID, -1);
    }
    mode = PagingMode.of(fsc >>> 60, capabilities, false);
    return mode != null && (ta & ~TA_DEFINED) == 0 && (fsc & FSC_RESERVED) == 0
        || fault.raise(FaultCause.PDT_MISCONFIGURED, -1);
  }

  /**
   * Translates the address of a table. An access fault of the second stage is one of the directory (section 2.3.2, step
   * 2).
   */
  private boolean find(DeviceContext context, long table) {
    if (second.locate(context, table, Access.READ)) {
      return true;
    }
    return fault.cause().isAccessFault()
        ? fault.raise(FaultCause.PDT_LOAD_ACCESS_FAULT, -1)
        : fault.implicit(false);
  }

  /** Loads from the table that was found last. */
  private boolean load(long offset, int event) {
    return tables.load(second.address + offset, event) || fault.raise(FaultCause.PDT_LOAD_ACCESS_FAULT, -1);
  }

  boolean allowsSupervisor() {
    return (ta & ENS) != 0;
  }

  boolean opensUserPages() {
    return (ta & SUM) != 0;
  }

  int pscid() {
    return (int) (ta >>> 12) & 0xf_ffff;
  }

  PagingMode mode() {
    return mode;
  }

  long root() {
    return fsc & DeviceContext.PPN;
  }
}
