package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** From guest physical to physical addresses (Priv 8.5.1). */
final class SecondStage extends PageWalk {

  private long located;

  SecondStage(TableMemory tables, Fault fault) {
    super(tables, fault);
  }

  boolean translate(DeviceContext context, long guestAddress, Access wanted) {
    if (!context.isGuest()) {
      boolean through = through();
      address = guestAddress;
      return through;
    }
    return walk(context.secondMode(), true, context.secondRoot(), guestAddress, wanted,
        context.has(DeviceContext.GADE));
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
  boolean permitsPrivilege(boolean user) {
    return user;
  }
}
