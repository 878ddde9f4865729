package io.flatview.memory;

import java.util.List;
import java.util.Optional;

/**
 * One address space, rendered: the region that answers at each address, with all overlaps, priorities and aliases
 * resolved. Immutable, and safe to keep outside a read-side section; it describes the map, but gives no access to
 * memory.
 */
public interface FlatView {

  /**
   * The view root: the region at which rendering started, after skipping containers with one enabled child of their own
   * size and aliases of whole regions. Address spaces with the same view root share a view.
   *
   * @return the view root, or empty for an empty view
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
   * The sections that overlap a range, each whole, in ascending address order.
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
   * The section that answers at an address; for a bank's section, {@link MemoryRegionSection#shown} finds the section
   * of the selected variant.
   *
   * @param address the address to look up, unsigned
   * @return the section that holds it, or empty for a hole
   */
  Optional<MemoryRegionSection> find(long address);
}
