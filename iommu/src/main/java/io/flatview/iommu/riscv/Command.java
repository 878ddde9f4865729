package io.flatview.iommu.riscv;

/**
 * A command (section 3.1).
 *
 * @param low the first doubleword
 * @param high the second doubleword
 */
record Command(long low, long high) {

  /** The effect of a command, or the reason why it has none. */
  enum Kind {
    IOTINVAL_VMA,
    IOTINVAL_GVMA,
    IOFENCE_C,
    IODIR_INVAL_DDT,
    IODIR_INVAL_PDT,
    ILLEGAL
  }

  private static final long AV = 1L << 10;
  private static final long WSI = 1L << 11;
  private static final long PR = 1L << 12;
  private static final long PW = 1L << 13;
  private static final long PSCV = 1L << 32;
  private static final long GV = 1L << 33;
  private static final long DV = 1L << 33;
  private static final long ID_20 = 0xf_ffffL << 12;
  private static final long GSCID = 0xffffL << 44;
  private static final long DID = 0xff_ffffL << 40;
  private static final long OPCODE = 0x3ff;

  private static final long VMA_DEFINED = OPCODE | AV | ID_20 | PSCV | GV | GSCID;
  private static final long GVMA_DEFINED = VMA_DEFINED & ~PSCV;
  private static final long INVALIDATION_ADDRESS = (1L << 52) - 1 << 10;
  private static final long FENCE_DEFINED = OPCODE | AV | WSI | PR | PW | 0xffff_ffffL << 32;
  private static final long FENCE_ADDRESS = (1L << 62) - 1;
  private static final long DDT_DEFINED = OPCODE | DV | DID;
  private static final long PDT_DEFINED = DDT_DEFINED | ID_20;

  /** The kind; illegal for reserved encodings and bits, for numbers too wide, and for commands that need ATS. */
  Kind kind(DeviceDirectory directory, Capabilities capabilities, boolean wired) {
    return switch ((int) (low & OPCODE)) {
      case 1 -> legal(Kind.IOTINVAL_VMA, VMA_DEFINED, INVALIDATION_ADDRESS);
      case 1 | 1 << 7 -> legal(Kind.IOTINVAL_GVMA, GVMA_DEFINED, INVALIDATION_ADDRESS);
      case 2 -> legal(Kind.IOFENCE_C, wired ? FENCE_DEFINED : FENCE_DEFINED & ~WSI, FENCE_ADDRESS);
      case 3 -> fits(directory) ? legal(Kind.IODIR_INVAL_DDT, DDT_DEFINED, 0) : Kind.ILLEGAL;
      case 3 | 1 << 7 ->
          hasDevice() && fits(directory) && pscid() >>> capabilities.processBits() == 0
              ? legal(Kind.IODIR_INVAL_PDT, PDT_DEFINED, 0)
              : Kind.ILLEGAL;
      default -> Kind.ILLEGAL;
    };
  }

  private Kind legal(Kind kind, long definedLow, long definedHigh) {
    return (low & ~definedLow) == 0 && (high & ~definedHigh) == 0 ? kind : Kind.ILLEGAL;
  }

  private boolean fits(DeviceDirectory directory) {
    return !hasDevice() || directory.holds(device());
  }

  boolean hasAddress() {
    return (low & AV) != 0;
  }

  boolean hasSpace() {
    return (low & PSCV) != 0;
  }

  boolean hasGuest() {
    return (low & GV) != 0;
  }

  /** The {@code PSCID} of an invalidation of translations, or the {@code PID} of one of a directory. */
  int pscid() {
    return (int) (low >>> 12) & 0xf_ffff;
  }

  int gscid() {
    return (int) (low >>> 44) & 0xffff;
  }

  /** The page of an invalidation. */
  long page() {
    return high >>> 10 << 12;
  }

  boolean hasDevice() {
    return (low & DV) != 0;
  }

  int device() {
    return (int) (low >>> 40);
  }

  boolean ordersAccesses() {
    return (low & (PR | PW)) != 0;
  }

  boolean interrupts() {
    return (low & WSI) != 0;
  }

  /** The value that a fence writes, 4 bytes. */
  long data() {
    return low >>> 32;
  }

  /** The address to which a fence writes. */
  long dataAddress() {
    return high << 2;
  }
}
