package io.flatview.memory;

import java.util.List;
import java.util.Optional;

/**
 * One address space, rendered: who answers where, with all overlaps, priorities and aliases resolved. Immutable, and
 * safe to keep outside a read-side section; it tells where memory is, but gives no access to it.
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
   * What is mapped, in ascending address order, without overlaps.
   *
   * @return an immutable list
   */
  List<MemoryRegionSection> sections();

  /**
   * Who answers at an address.
   *
   * @param address unsigned
   * @return the section that holds it, or empty for a hole
   */
  Optional<MemoryRegionSection> find(long address);
}
