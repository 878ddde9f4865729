package io.flatview.memory;

import java.util.Optional;

/**
 * A change of an IOMMU's mappings, for notifiers that mirror them: QEMU's {@code IOMMUTLBEvent}. For a mapping that
 * changes in place, an {@link Unmap} comes first, and then a {@link Map}.
 */
public sealed interface IommuEvent {

  /** The kinds of events, from which a notifier chooses. */
  enum Kind {
    /** Addresses are mapped from now on. */
    MAP,
    /** Addresses are no longer mapped. */
    UNMAP,
    /** A device must drop translations that it has cached (its device IOTLB). */
    DEVIOTLB_UNMAP
  }

  /**
   * The addresses concerned, of any size and alignment.
   *
   * @return offsets in the IOMMU region
   */
  AddressRange range();

  /**
   * The kind.
   *
   * @return the kind of this event
   */
  Kind kind();

  /**
   * Cuts this event to some addresses.
   *
   * @param to the offsets in the IOMMU region
   * @return the same event for the addresses that both ranges have in common, with the target adjusted to the new first
   *     address; empty if there are none
   */
  Optional<IommuEvent> crop(AddressRange to);

  /**
   * A range of addresses is mapped to a range of the same length.
   *
   * @param range the offsets in the IOMMU region
   * @param target the address space to which they are mapped
   * @param targetFirst the address in {@code target} to which the first offset is mapped, unsigned
   * @param readable whether reads are granted
   * @param writable whether writes are granted
   * @param executable whether fetches are granted
   */
  record Map(
      AddressRange range, AddressSpace target, long targetFirst, boolean readable, boolean writable,
      boolean executable) implements IommuEvent {

    /**
     * Makes a mapping for an IOMMU that does not distinguish fetches from reads.
     *
     * @param range the offsets in the IOMMU region
     * @param target the address space to which they are mapped
     * @param targetFirst the address in {@code target} to which the first offset is mapped, unsigned
     * @param readable whether reads and fetches are granted
     * @param writable whether writes are granted
     */
    public Map(AddressRange range, AddressSpace target, long targetFirst, boolean readable, boolean writable) {
      this(range, target, targetFirst, readable, writable, readable);
    }

    @Override
    public Kind kind() {
      return Kind.MAP;
    }

    @Override
    public Optional<IommuEvent> crop(AddressRange to) {
      return range.intersect(to).map(part ->
          new Map(part, target, targetFirst + (part.first() - range.first()), readable, writable, executable));
    }

    /**
     * Whether another mapping continues this one: the next addresses, the next target addresses, and the same
     * permissions.
     *
     * @param next the mapping that follows
     * @return true if one event can stand for both
     */
    public boolean isContinuedBy(Map next) {
      return range.last() + 1 == next.range.first()
          && target == next.target
          && targetFirst - range.first() == next.targetFirst - next.range.first()
          && readable == next.readable
          && writable == next.writable
          && executable == next.executable;
    }

    /**
     * Joins this mapping with the one that continues it.
     *
     * @param next the mapping that follows
     * @return one mapping of both ranges
     */
    public Map joinedWith(Map next) {
      return new Map(
          new AddressRange(range.first(), next.range.last()), target, targetFirst, readable, writable, executable);
    }

    @Override
    public String toString() {
      return "MAP " + range + " -> '" + target.name() + "' " + AddressRange.hex(targetFirst) + " "
          + (readable ? "r" : "-") + (writable ? "w" : "-") + (executable ? "x" : "-");
    }
  }

  /**
   * Accesses to a range of addresses are no longer granted.
   *
   * @param range the offsets in the IOMMU region; not all of them need have been mapped
   */
  record Unmap(AddressRange range) implements IommuEvent {

    @Override
    public Kind kind() {
      return Kind.UNMAP;
    }

    @Override
    public Optional<IommuEvent> crop(AddressRange to) {
      return range.intersect(to).map(Unmap::new);
    }

    @Override
    public String toString() {
      return "UNMAP " + range;
    }
  }

  /**
   * Translations of a range that a device has cached are no longer valid; the device must translate again.
   *
   * @param range the offsets in the IOMMU region
   */
  record DeviotlbUnmap(AddressRange range) implements IommuEvent {

    @Override
    public Kind kind() {
      return Kind.DEVIOTLB_UNMAP;
    }

    @Override
    public Optional<IommuEvent> crop(AddressRange to) {
      return range.intersect(to).map(DeviotlbUnmap::new);
    }

    @Override
    public String toString() {
      return "DEVIOTLB_UNMAP " + range;
    }
  }
}
