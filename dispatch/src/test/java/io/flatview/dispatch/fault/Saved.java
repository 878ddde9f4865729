package io.flatview.dispatch.fault;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.List;

/** A region as it was, and how to make it so again. */
record Saved(
    MemoryRegion region, Size size, boolean enabled, boolean readOnly, boolean nonVolatile, boolean unmergeable,
    boolean noFetch, boolean placed, long address, int priority, int mask, long targetOffset, boolean romd,
    List<MemoryRegion> children, List<Long> addresses, List<Integer> priorities, List<Doorbell> doorbells,
    List<AddressRange> coalesced) {

  static Saved of(MemoryRegion region) {
    List<MemoryRegion> children =
        region instanceof MemoryRegion.Parent parent ? parent.children().reversed() : List.of();
    return new Saved(region, region.size(), region.isEnabled(), region.isReadOnly(), region.isNonVolatile(),
        region.isUnmergeable(), region.isNoFetch(), region.parent().isPresent(), region.address(), region.priority(),
        region instanceof MemoryRegion.Memory memory ? memory.dirtyLogMask() : 0,
        region instanceof MemoryRegion.Alias alias ? alias.targetOffset() : 0,
        region instanceof MemoryRegion.RomDevice device && device.isRomdMode(),
        List.copyOf(children), children.stream().map(MemoryRegion::address).toList(),
        children.stream().map(MemoryRegion::priority).toList(),
        region instanceof MemoryRegion.Mmio device ? device.doorbells() : List.of(),
        region instanceof MemoryRegion.Mmio device ? device.coalesced() : List.of());
  }

  void takeOut(Transaction tx) {
    if (region.parent().isPresent()) {
      tx.delSubregion(region);
    }
  }

  /** A region that is not placed keeps the address of its last place. */
  void rememberPlace(Transaction tx, MemoryRegion.Parent root) {
    if (!placed && region != root) {
      tx.addSubregion(root, address, region, priority).delSubregion(region);
    }
  }

  /** Once all regions are taken out; the child that wins comes last. */
  void restore(Transaction tx) {
    tx.setEnabled(region, enabled).setNonVolatile(region, nonVolatile).setUnmergeable(region, unmergeable)
        .setNoFetch(region, noFetch);
    if (region.isReadOnly() != readOnly) {
      tx.setReadOnly(region, readOnly);
    }
    tx.setSize(region, size);
    for (int i = 0; i < children.size(); i++) {
      if (!Machine.isClosed(children.get(i))) {
        tx.addSubregion((MemoryRegion.Parent) region, addresses.get(i), children.get(i), priorities.get(i));
      }
    }
    switch (region) {
      case MemoryRegion.Alias alias -> tx.setAliasOffset(alias, targetOffset);
      case MemoryRegion.Memory memory -> restore(tx, memory);
      case MemoryRegion.Mmio device -> restore(tx, device);
      default -> { }
    }
  }

  private void restore(Transaction tx, MemoryRegion.Memory memory) {
    tx.setDirtyLogMask(memory, mask);
    if (memory instanceof MemoryRegion.RomDevice device) {
      tx.setRomdMode(device, romd);
    }
  }

  private void restore(Transaction tx, MemoryRegion.Mmio device) {
    if (!device.doorbells().equals(doorbells)) {
      List.copyOf(device.doorbells()).forEach(bell -> tx.removeDoorbell(device, bell));
      doorbells.forEach(bell -> tx.addDoorbell(device, bell));
    }
    if (!device.coalesced().equals(coalesced)) {
      tx.clearCoalesced(device);
      coalesced.forEach(range -> tx.addCoalesced(device, range));
    }
  }
}
