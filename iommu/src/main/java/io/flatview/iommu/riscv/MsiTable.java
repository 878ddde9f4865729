package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** The flat MSI page table (section 2.3.3, and the chapter on IOMMUs of AIA). Scratch space of one translation. */
final class MsiTable {

  /** The size of an interrupt file less 1: a page. */
  static final long MASK = 0xfff;

  private static final long VALID = 1;
  private static final int MODE_SHIFT = 1;
  private static final int MODES = 3;
  private static final int BASIC = 3;
  private static final int MRIF = 1;
  private static final long PPN = DeviceContext.PPN << 10;
  private static final long BASIC_DEFINED = VALID | (long) MODES << MODE_SHIFT | PPN;

  private final TableMemory tables;
  private final Fault fault;
  private final long physicalMask;
  private final boolean mrifs;

  /** The address of the interrupt file; for a memory-resident one, the address in {@link InterruptFiles}. */
  long address;

  /** Whether the interrupt file is memory-resident. */
  boolean resident;

  MsiTable(TableMemory tables, Fault fault, Capabilities capabilities) {
    this.tables = tables;
    this.fault = fault;
    this.physicalMask = capabilities.physicalMask();
    this.mrifs = capabilities.has(Capabilities.MSI_MRIF);
  }

  boolean translate(DeviceContext context, long guestAddress, Access access) {
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
    resident = mrifs && ResidentFile.isSound(low, high);
    if (!resident && !isBasic(low)) {
      return fault.raise(FaultCause.MSI_PTE_MISCONFIGURED, MASK);
    }
    if (access == Access.FETCH) {
      return fault.raise(FaultCause.INSTRUCTION_ACCESS_FAULT, MASK);
    }
    address = resident
        ? InterruptFiles.place(entry, guestAddress & MASK)
        : ((low & PPN) << 2 | guestAddress & MASK) & physicalMask;
    return true;
  }

  /** Whether an entry has basic mode; its second doubleword is free for software. */
  private static boolean isBasic(long low) {
    return mode(low) == BASIC && (low & ~BASIC_DEFINED) == 0;
  }

  private static int mode(long low) {
    return (int) (low >>> MODE_SHIFT) & MODES;
  }

  /** An entry of MRIF mode. */
  static final class ResidentFile {

    private static final long FILE = 0x7fff_ffff_ffffL << 7;
    private static final long LOW_DEFINED = VALID | (long) MODES << MODE_SHIFT | FILE;
    private static final long IDENTITY_LOW = 0x3ff;
    private static final long IDENTITY_HIGH = 1L << 60;
    private static final long HIGH_DEFINED = PPN | IDENTITY_LOW | IDENTITY_HIGH;

    private ResidentFile() {}

    static boolean isSound(long low, long high) {
      return (low & VALID) != 0 && mode(low) == MRIF && (low & ~LOW_DEFINED) == 0 && (high & ~HIGH_DEFINED) == 0;
    }

    /** The physical address of the file, a multiple of 512. */
    static long file(long low) {
      return (low & FILE) << 2;
    }

    /** The physical address of the page that takes the notice. */
    static long noticePage(long high) {
      return (high & PPN) << 2;
    }

    /** The identity of the notice, 11 bits. */
    static int noticeIdentity(long high) {
      return (int) (high & IDENTITY_LOW) | (int) (high >>> 50) & 0x400;
    }
  }
}
