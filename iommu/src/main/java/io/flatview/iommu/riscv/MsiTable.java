package io.flatview.iommu.riscv;

/** The flat MSI page table (section 2.3.3). MRIF mode is not announced. Scratch space of one translation. */
final class MsiTable {

  /** An interrupt file is a page. */
  static final long MASK = 0xfff;

  private static final long VALID = 1;
  private static final int MODE_SHIFT = 1;
  private static final int BASIC = 3;
  private static final long PPN = DeviceContext.PPN << 10;
  private static final long DEFINED = VALID | BASIC << MODE_SHIFT | PPN;

  private final TableMemory tables;
  private final Fault fault;

  /** Where the interrupt file is. */
  long address;

  MsiTable(TableMemory tables, Fault fault) {
    this.tables = tables;
    this.fault = fault;
  }

  boolean translate(DeviceContext context, long guestAddress) {
    long entry = context.msiRoot() << 12 | context.interruptFile(guestAddress) << 4;
    if (!tables.load(entry + 8)) {
      return fault.raise(FaultCause.MSI_PTE_LOAD_ACCESS_FAULT, MASK);
    }
    long high = tables.value();
    if (!tables.load(entry)) {
      return fault.raise(FaultCause.MSI_PTE_LOAD_ACCESS_FAULT, MASK);
    }
    long low = tables.value();
    if ((low & VALID) == 0) {
      return fault.raise(FaultCause.MSI_PTE_NOT_VALID, MASK);
    }
    if ((low >>> MODE_SHIFT & BASIC) != BASIC || (low & ~DEFINED) != 0 || high != 0) {
      return fault.raise(FaultCause.MSI_PTE_MISCONFIGURED, MASK);
    }
    address = (low & PPN) << 2 | guestAddress & MASK;
    return true;
  }
}
