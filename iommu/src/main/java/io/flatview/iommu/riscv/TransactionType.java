package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** The types of transactions in fault records (section 3.2, table of TTYP encodings). */
final class TransactionType {

  /** The type in records of faults that no access of a device caused. */
  static final int NONE = 0;

  private TransactionType() {}

  /** The type of an untranslated request. */
  static int of(Access access) {
    return switch (access) {
      case FETCH -> 1;
      case READ -> 2;
      case WRITE -> 3;
    };
  }
}
