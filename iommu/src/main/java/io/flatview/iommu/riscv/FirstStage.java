package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** Translates I/O virtual to guest physical addresses; its tables are behind the second stage (Priv 8.5). */
final class FirstStage extends PageWalk {

  private final SecondStage second;
  private DeviceContext context;
  private boolean supervisor;
  private boolean sum;

  FirstStage(TableMemory tables, Fault fault, SecondStage second, boolean memoryTypes) {
    super(tables, fault, false, memoryTypes);
    this.second = second;
  }

  /** Sets the privilege of the access: supervisor or not, and then whether user pages are open to it. */
  void asks(boolean withSupervisorPrivilege, boolean mayUseUserPages) {
    supervisor = withSupervisorPrivilege;
    sum = mayUseUserPages;
  }

  boolean translate(DeviceContext of, PagingMode mode, long root, long iova, Access wanted) {
    if (mode == PagingMode.BARE) {
      return through(iova);
    }
    context = of;
    return walk(mode, root, iova, wanted, of.has(DeviceContext.SADE));
  }

  @Override
  boolean locate(long entry, boolean write) {
    return second.locate(context, entry, write ? Access.WRITE : Access.READ) || fault.implicit(write);
  }

  @Override
  long located() {
    return second.address;
  }

  @Override
  boolean pageFault(long from, long hole) {
    return fault.raise(FaultCause.pageFault(original), hole);
  }

  /** A supervisor never fetches from a user's page (section 2.2.3). */
  @Override
  boolean permitsPrivilege(boolean user, Access wanted) {
    return supervisor ? !user || sum && wanted != Access.FETCH : user;
  }

  @Override
  boolean isImplicit() {
    return false;
  }
}
