package io.flatview.memory;

import java.util.List;
import java.util.Optional;

/**
 * Labels that a printed map adds to regions. Every method has a default for machines that add nothing.
 */
public interface RegionLabels {

  /** Labels that add nothing. */
  RegionLabels NONE = new RegionLabels() {};

  /**
   * The type of a region in QEMU's words.
   *
   * @param region any region; an alias has the type of the region at the end of its chain of targets
   * @return {@code i/o}, {@code ram}, {@code rom} or {@code romd}
   */
  default String type(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Alias alias -> type(alias.target());
      case MemoryRegion.Rom _ -> "rom";
      case MemoryRegion.RomDevice device -> device.isRomdMode() ? "romd" : "i/o";
      case MemoryRegion.Ram ram -> ram.isReadOnly() ? "rom" : "ram";
      case MemoryRegion.Container _, MemoryRegion.Bank _, MemoryRegion.Mmio _, MemoryRegion.Reserved _,
          MemoryRegion.Iommu _ -> "i/o";
    };
  }

  /**
   * The owner of a region.
   *
   * @param region a region of any kind
   * @return a text such as {@code owner:{dev id=uart0}}, or empty for an orphan
   */
  default Optional<String> owner(MemoryRegion region) {
    return Optional.empty();
  }

  /**
   * Whether a tree shows the line of a region; the regions in it are listed either way.
   *
   * @param region a region of any kind
   * @return true unless there is a reason to leave it out
   */
  default boolean isListed(MemoryRegion region) {
    return true;
  }

  /**
   * The targets of aliases that a tree lists first, after the address spaces. The others follow in the order in which
   * the aliases are met.
   *
   * @return none unless an order has to be kept
   */
  default List<MemoryRegion> firstTargets() {
    return List.of();
  }

  /**
   * The type of a region, with a prefix for non-volatile memory.
   *
   * @param region a region of any kind
   * @return the type, after {@code nv-} for memory that keeps its content
   */
  default String typeLabel(MemoryRegion region) {
    return marked(type(region), region.isNonVolatile());
  }

  /**
   * The type of a section of a flat view, with the flags that it has inherited.
   *
   * @param section a section of a flat view
   * @return {@code rom} if a region above refuses writes, else the type of the region; after {@code nv-} for memory
   *     that keeps its content
   */
  default String typeLabel(MemoryRegionSection section) {
    String type = section.attributes().readOnly() ? "rom" : type(section.region());
    return marked(type, section.attributes().nonVolatile());
  }

  private static String marked(String type, boolean nonVolatile) {
    return nonVolatile ? "nv-" + type : type;
  }
}
