package io.flatview.memory;

import java.util.List;
import java.util.Optional;

/**
 * One address space, rendered: the region that answers at each address, with all overlaps, priorities and aliases
 * resolved. Immutable, and safe to keep outside a read-side section; it says where memory is, but gives no access to
 * it.
 */
public interface FlatView {

  /**
   * The region at which rendering started, after pass-through containers and whole aliases were skipped; address spaces
   * with the same one share a view.
   *
   * @return the view root, or empty if nothing can show
   */
  Optional<MemoryRegion> root();

  /**
   * The sections, in ascending address order, without overlaps.
   *
   * @return an immutable list; a {@linkplain MemoryRegion.Bank bank} is a section that has {@linkplain BankedSections
   *     all its variants}
   */
  List<MemoryRegionSection> sections();

  /**
   * The sections that have an address in a range, uncut, in ascending address order.
   *
   * @param range the addresses of interest
   * @return an immutable list; a view of {@link #sections()} where the implementation can give one, without a copy
   */
  default List<MemoryRegionSection> sections(AddressRange range) {
    return sections().stream().filter(section -> section.range().overlaps(range)).toList();
  }

  /**
   * The {@linkplain #sections() sections}, each bank replaced by the sections that it selects now. Each bank is read
   * once.
   *
   * @return a list that does not follow later selections
   */
  default List<MemoryRegionSection> shown() {
    return BankedSections.shown(sections());
  }

  /**
   * The section that answers at an address; where it is a bank's, {@link MemoryRegionSection#shown} leads on.
   *
   * @param address the address to look up, unsigned
   * @return the section that holds it, or empty for a hole
   */
  Optional<MemoryRegionSection> find(long address);
}
