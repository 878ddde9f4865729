package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.IommuTlbEntry;

/** The fault that ended a translation, to be reported with the access. Mutable, so that a fault allocates nothing. */
final class Fault {

  private static final long IMPLICIT = 1;
  private static final long IMPLICIT_WRITE = 2;
  private static final long REPORTED = 1L << 32;

  private FaultCause cause;
  private long iotval2;
  private long hole;

  /** Sets the fault that ends the translation; always false, for the walk to pass on. */
  boolean raise(FaultCause because, long holeMask) {
    cause = because;
    iotval2 = 0;
    hole = holeMask;
    return false;
  }

  /** A guest page fault at a guest physical address (section 3.2, {@code iotval2}). */
  boolean raiseGuest(Access access, long address, long holeMask) {
    raise(FaultCause.guestPageFault(access), holeMask);
    iotval2 = address & ~3L;
    return false;
  }

  /**
   * Sets the block of I/O virtual addresses to which the fault just raised applies; a stage knows only its own part of
   * it.
   */
  boolean within(long holeMask) {
    hole = holeMask;
    return false;
  }

  long hole() {
    return hole;
  }

  /** The record's {@code iotval2}. */
  long detail() {
    return iotval2;
  }

  FaultCause cause() {
    return cause;
  }

  /** Marks the guest page fault just raised as one of an access to a table. */
  boolean implicit(boolean write) {
    if (cause.isGuestPageFault()) {
      iotval2 |= IMPLICIT | (write ? IMPLICIT_WRITE : 0);
    }
    return false;
  }

  /** Leaves the fault in an entry, from which {@link #cause} and {@link #isReported} read it again. */
  void deny(IommuTlbEntry entry, boolean dtf) {
    entry.deny(hole, cause.code() | (isReported(cause, dtf) ? REPORTED : 0), iotval2);
  }

  static boolean isReported(FaultCause cause, boolean dtf) {
    return !dtf || cause.reportedDespiteDtf();
  }

  static int cause(IommuTlbEntry entry) {
    return (int) entry.reason();
  }

  static boolean isReported(IommuTlbEntry entry) {
    return (entry.reason() & REPORTED) != 0;
  }
}
