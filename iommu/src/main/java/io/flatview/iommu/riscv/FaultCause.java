package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** The causes of fault records that this model reports (section 3.2, table of CAUSE encodings). */
enum FaultCause {
  INSTRUCTION_ACCESS_FAULT(1, false),
  READ_ACCESS_FAULT(5, false),
  WRITE_ACCESS_FAULT(7, false),
  INSTRUCTION_PAGE_FAULT(12, false),
  READ_PAGE_FAULT(13, false),
  WRITE_PAGE_FAULT(15, false),
  INSTRUCTION_GUEST_PAGE_FAULT(20, false),
  READ_GUEST_PAGE_FAULT(21, false),
  WRITE_GUEST_PAGE_FAULT(23, false),
  ALL_INBOUND_DISALLOWED(256, true),
  DDT_LOAD_ACCESS_FAULT(257, true),
  DDT_NOT_VALID(258, true),
  DDT_MISCONFIGURED(259, true),
  TRANSACTION_TYPE_DISALLOWED(260, false),
  MSI_PTE_LOAD_ACCESS_FAULT(261, false),
  MSI_PTE_NOT_VALID(262, false),
  MSI_PTE_MISCONFIGURED(263, false),
  MRIF_ACCESS_FAULT(264, false),
  PDT_LOAD_ACCESS_FAULT(265, false),
  PDT_NOT_VALID(266, false),
  PDT_MISCONFIGURED(267, false),
  MSI_WRITE_ACCESS_FAULT(273, true);

  private final int code;
  private final boolean reportedDespiteDtf;

  FaultCause(int code, boolean reportedDespiteDtf) {
    this.code = code;
    this.reportedDespiteDtf = reportedDespiteDtf;
  }

  static FaultCause accessFault(Access access) {
    return switch (access) {
      case FETCH -> INSTRUCTION_ACCESS_FAULT;
      case READ -> READ_ACCESS_FAULT;
      case WRITE -> WRITE_ACCESS_FAULT;
    };
  }

  static FaultCause pageFault(Access access) {
    return switch (access) {
      case FETCH -> INSTRUCTION_PAGE_FAULT;
      case READ -> READ_PAGE_FAULT;
      case WRITE -> WRITE_PAGE_FAULT;
    };
  }

  static FaultCause guestPageFault(Access access) {
    return switch (access) {
      case FETCH -> INSTRUCTION_GUEST_PAGE_FAULT;
      case READ -> READ_GUEST_PAGE_FAULT;
      case WRITE -> WRITE_GUEST_PAGE_FAULT;
    };
  }

  boolean isAccessFault() {
    return this == INSTRUCTION_ACCESS_FAULT || this == READ_ACCESS_FAULT || this == WRITE_ACCESS_FAULT;
  }

  boolean isGuestPageFault() {
    return this == INSTRUCTION_GUEST_PAGE_FAULT || this == READ_GUEST_PAGE_FAULT || this == WRITE_GUEST_PAGE_FAULT;
  }

  int code() {
    return code;
  }

  boolean reportedDespiteDtf() {
    return reportedDespiteDtf;
  }
}
