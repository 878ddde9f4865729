package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** Translates guest physical to physical addresses (Priv 8.5.1). */
final class SecondStage extends PageWalk {

  private long located;
  private boolean implicit;

  SecondStage(TableMemory tables, Fault fault, boolean memoryTypes) {
    super(tables, fault, true, memoryTypes);
  }

  /** Translates the guest physical address of the access. */
  boolean translate(DeviceContext context, long guestAddress, Access wanted) {
    return translate(context, guestAddress, wanted, false);
  }

  /** Translates the address of an entry of a first-stage table or a process directory. */
  boolean locate(DeviceContext context, long guestAddress, Access wanted) {
    return translate(context, guestAddress, wanted, true);
  }

  private boolean translate(DeviceContext context, long guestAddress, Access wanted, boolean ofTable) {
    implicit = ofTable;
    return context.isGuest()
        ? walk(context.secondMode(), context.secondRoot(), guestAddress, wanted, context.has(DeviceContext.GADE))
        : through(guestAddress);
  }

  @Override
  boolean locate(long entry, boolean write) {
    located = entry;
    return true;
  }

  @Override
  long located() {
    return located;
  }

  @Override
  boolean pageFault(long from, long hole) {
    return fault.raiseGuest(original, from, hole);
  }

  /** Every access counts as one of a user (section 2.3). */
  @Override
  boolean permitsPrivilege(boolean user, Access wanted) {
    return user;
  }

  @Override
  boolean isImplicit() {
    return implicit;
  }
}
