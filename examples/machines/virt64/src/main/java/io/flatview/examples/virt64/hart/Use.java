package io.flatview.examples.virt64.hart;

import io.flatview.memory.Access;

/** The ways in which a hart uses an address, and the exceptions for refused ones. */
enum Use {
  LOAD(Pmp.READ, Access.READ, Cause.LOAD_ACCESS, Cause.LOAD_PAGE_FAULT),
  STORE(Pmp.WRITE, Access.WRITE, Cause.STORE_ACCESS, Cause.STORE_PAGE_FAULT),
  /** A read-modify-write; it faults as a store. */
  ATOMIC(Pmp.READ | Pmp.WRITE, Access.WRITE, Cause.STORE_ACCESS, Cause.STORE_PAGE_FAULT),
  FETCH(Pmp.EXECUTE, Access.READ, Cause.FETCH_ACCESS, Cause.FETCH_PAGE_FAULT);

  final int pmp;
  final Access access;
  final int accessFault;
  final int pageFault;

  Use(int pmp, Access access, int accessFault, int pageFault) {
    this.pmp = pmp;
    this.access = access;
    this.accessFault = accessFault;
    this.pageFault = pageFault;
  }

  boolean writes() {
    return access == Access.WRITE;
  }
}
