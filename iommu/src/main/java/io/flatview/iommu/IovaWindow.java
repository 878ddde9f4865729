package io.flatview.iommu;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;

/**
 * A mapping of consecutive I/O virtual addresses to consecutive addresses.
 *
 * @param range the I/O virtual addresses that are mapped
 * @param target the address space to which they are mapped
 * @param targetFirst the address in {@code target} to which the first of them is mapped, unsigned
 * @param permission the kinds of access that are granted
 */
record IovaWindow(AddressRange range, AddressSpace target, long targetFirst, Permission permission) {

  /**
   * Grants the largest block around an address that an entry can describe: a power of two in size, aligned on both
   * sides, and inside the window.
   */
  void grant(long address, IommuTlbEntry entry) {
    long distance = targetFirst - range.first();
    long mask = distance == 0 ? -1 : Long.lowestOneBit(distance) - 1;
    while (!holdsBlock(address, mask)) {
      mask >>>= 1;
    }
    entry.grant(target, address + distance, mask, permission.isReadable(), permission.isWritable());
  }

  private boolean holdsBlock(long address, long mask) {
    return range.contains(address & ~mask) && range.contains(address | mask);
  }

  IommuEvent.Map event() {
    return new IommuEvent.Map(range, target, targetFirst, permission.isReadable(), permission.isWritable());
  }

  @Override
  public String toString() {
    return range + " -> '" + target.name() + "' " + AddressRange.hex(targetFirst) + " " + permission;
  }
}
