package io.flatview.iommu.riscv;

/**
 * A device context that passed its checks (sections 2.1.3 and 2.1.4). Immutable.
 *
 * @param tc the translation-control field, a set of bits
 * @param gscid the guest soft-context ID, 16 bits
 * @param secondMode the scheme of the second stage
 * @param secondRoot the physical page number of the second stage's root
 * @param pscid the process soft-context ID, 20 bits, if the context has no process directory
 * @param firstMode the scheme of the first stage, if the context has no process directory
 * @param processLevels the number of levels of the process directory, 0 to 3
 * @param firstRoot the page number of the first stage's root or of the process directory
 * @param msiRoot the physical page number of the MSI page table, or -1 without one
 * @param msiMask the bits of a page number that select an interrupt file
 * @param msiPattern the values of the other bits
 */
record DeviceContext(
    long tc, int gscid, PagingMode secondMode, long secondRoot, int pscid, PagingMode firstMode, int processLevels,
    long firstRoot, long msiRoot, long msiMask, long msiPattern) {

  static final long VALID = 1;
  static final long DTF = 1 << 4;
  static final long PDTV = 1 << 5;
  static final long GADE = 1 << 7;
  static final long SADE = 1 << 8;
  static final long DPE = 1 << 9;

  static final long PPN = (1L << 44) - 1;

  private static final long CUSTOM = 0xffL << 24;
  private static final long TC_DEFINED = VALID | DTF | PDTV | GADE | SADE | DPE | CUSTOM;
  private static final long TC_HARDWARE_AD = GADE | SADE;
  private static final long TA_DEFINED = 0xf_ffffL << 12;
  private static final long ATP_RESERVED = 0xffffL << 44;
  private static final long MSI_RESERVED = 0xfffL << 52;
  private static final int NO_MSI = -1;

  /** Reads a context from its doublewords, 4 in the base format and 8 in the extended; null if misconfigured. */
  static DeviceContext parse(long[] words, Capabilities capabilities) {
    long tc = words[0];
    long iohgatp = words[1];
    long fsc = words[3];
    boolean directory = (tc & PDTV) != 0;
    PagingMode second = PagingMode.of(iohgatp >>> 60, capabilities, true);
    PagingMode first = directory ? PagingMode.BARE : PagingMode.of(fsc >>> 60, capabilities, false);
    int levels = directory ? processLevels(fsc >>> 60, capabilities) : 0;
    boolean sound = (tc & ~TC_DEFINED) == 0
        && ((tc & TC_HARDWARE_AD) == 0 || capabilities.has(Capabilities.AMO_HWAD))
        && ((tc & DPE) == 0 || directory)
        && second != null
        && (second == PagingMode.BARE || (iohgatp & 3) == 0)
        && (words[2] & ~TA_DEFINED) == 0
        && first != null
        && levels >= 0
        && (fsc & ATP_RESERVED) == 0
        && soundMsi(words);
    boolean msi = words.length == 8 && words[4] >>> 60 != 0;
    return !sound ? null : new DeviceContext(tc, (int) (iohgatp >>> 44) & 0xffff, second, iohgatp & PPN,
        (int) (words[2] >>> 12) & 0xf_ffff, first, levels, fsc & PPN,
        msi ? words[4] & PPN : NO_MSI, msi ? words[5] : 0, msi ? words[6] : 0);
  }

  /** Levels of {@code pdtp.MODE}, or -1 if it is reserved or not announced. */
  private static int processLevels(long mode, Capabilities capabilities) {
    return switch ((int) mode) {
      case 0 -> 0;
      case 1 -> capabilities.has(Capabilities.PD8) ? 1 : -1;
      case 2 -> capabilities.has(Capabilities.PD17) ? 2 : -1;
      case 3 -> capabilities.has(Capabilities.PD20) ? 3 : -1;
      default -> -1;
    };
  }

  private static boolean soundMsi(long[] words) {
    return words.length == 4
        || Long.compareUnsigned(words[4] >>> 60, 1) <= 0
            && (words[4] & ATP_RESERVED) == 0
            && ((words[5] | words[6]) & MSI_RESERVED) == 0
            && words[7] == 0;
  }

  boolean has(long control) {
    return (tc & control) != 0;
  }

  boolean isGuest() {
    return secondMode != PagingMode.BARE;
  }

  /** Whether a guest physical address is that of a virtual interrupt file (section 2.1.3.6). */
  boolean isInterruptFile(long address) {
    return msiRoot != NO_MSI && ((address >>> 12 ^ msiPattern) & ~msiMask) == 0;
  }

  /** The size less 1 of the largest block without an interrupt file around an address that is in none itself. */
  long maskWithoutInterruptFiles(long address) {
    return msiRoot == NO_MSI ? -1 : (Long.highestOneBit((address >>> 12 ^ msiPattern) & ~msiMask) << 12) - 1;
  }

  /** The number of the interrupt file: the bits of the page number that the mask selects, packed (section 2.3.3). */
  long interruptFile(long address) {
    return Long.compress(address >>> 12, msiMask);
  }
}
