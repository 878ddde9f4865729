package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.MapReader;

/**
 * Goes through addresses in ascending order and finds the permissions that accesses would get, without writing to the
 * tables. A walk for a read leaves two questions open: whether a clean page could be made dirty, and whether an
 * unreadable page can be fetched from. Confined to one thread, and used inside one section.
 */
final class Probe {

  private final Device device;
  private final int index;
  private final MapReader reader;
  private final IovaTranslation translation;
  private final EmptyTables empty = new EmptyTables();

  /** The size less 1 of the block around the last address, whether mapped or not. */
  private long mask;

  private Block block;

  /** The size less 1 of the first-stage leaf around the last address, as far as there is one. */
  private long leafMask;

  /**
   * A mapped block.
   *
   * @param event the event for notifiers
   * @param leaf the addresses of the first-stage leaf that maps the block; an invalidation may name any of them
   */
  record Block(IommuEvent.Map event, AddressRange leaf) {

    AddressRange range() {
      return event.range();
    }
  }

  Probe(RiscvIommu iommu, Device device, int index, MapReader reader) {
    this.device = device;
    this.index = index;
    this.reader = reader;
    this.translation = iommu.newTranslation();
  }

  /** Probes an address; the result is in {@link #block}, and holds up to {@link #last}. */
  void ask(long address) {
    empty.begin();
    leafMask = 0;
    boolean reads = asks(address, Access.READ);
    empty.again();
    boolean granted = reads || fetches(address);
    block = granted ? found(address, reads) : null;
    empty.end(last(address) - address, granted);
  }

  /** The block at the address, or null if nothing is granted there. */
  Block block() {
    return block;
  }

  /** The first-stage leaf around the address, or the address alone without one. */
  AddressRange leaf(long address) {
    return block != null ? block.leaf() : around(address, leafMask);
  }

  /** The last address for which the answer at the probed address holds. */
  long last(long address) {
    return address | mask;
  }

  private boolean asks(long address, Access access) {
    boolean granted = translation.translate(device, index, address, access, reader, empty);
    mask = granted ? translation.mask : translation.fault().hole();
    leafMask |= translation.leafMask;
    return granted;
  }

  /**
   * Asks for a fetch, since an unreadable page may hold instructions. If that is refused too, the smaller hole counts.
   */
  private boolean fetches(long address) {
    long unreadable = mask;
    boolean granted = asks(address, Access.FETCH);
    if (!granted) {
      mask &= unreadable;
    }
    return granted;
  }

  /**
   * The block from the probed address on, even if it begins before: where tables break the rule that all entries of a
   * NAPOT page are alike, earlier results stand.
   */
  private Block found(long address, boolean reads) {
    boolean executable = translation.executable;
    boolean writable = reads && translation.writable;
    AddressRange range = new AddressRange(address, last(address));
    AddressRange leaf = around(address, translation.leafMask);
    IommuEvent.Map event = new IommuEvent.Map(range, translation.target, translation.address, reads, writable,
        executable);
    if (!reads || writable || !translation.mayUpdate()) {
      return new Block(event, leaf);
    }
    long before = mask;
    boolean writes = asks(address, Access.WRITE);
    mask = before;
    return new Block(new IommuEvent.Map(range, event.target(), event.targetFirst(), true, writes, executable), leaf);
  }

  private static AddressRange around(long address, long mask) {
    return new AddressRange(address & ~mask, address | mask);
  }
}
