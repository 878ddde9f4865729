package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.VisiblePart;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;

/**
 * Finds roots and ranges that lie beyond the address lines of their space. Readers look up an address as it is first,
 * and without its higher bits only where that finds a hole; so nothing may show beyond the last address.
 */
public final class SpaceReach {

  private SpaceReach() {}

  /** Throws if the root of a space, as it is now, reaches too far. */
  static void require(DispatchSpace space) {
    String beyond = beyond(space.name(), space.rootNode(), space.options());
    if (beyond != null) {
      throw new MapException(MapFault.Id.BEYOND_SPACE, beyond);
    }
  }

  /** A text that says so if a root reaches too far, else null. */
  static String beyond(String space, RegionNode root, AddressSpaceOptions options) {
    VisiblePart part = VisiblePart.of(root);
    return part == null || isIn(part.last(), options)
        ? null
        : end(space, options) + ", and its root " + root + " is at " + new AddressRange(part.first(), part.last())
            + "; show it, or a part of it, through an alias";
  }

  /**
   * Throws if no address of a range is in a space.
   *
   * @param space the address space
   * @param range the addresses
   * @param callee the object that is to be called for accesses or changes there
   * @throws MapException if the range begins beyond the last address
   */
  public static void require(AddressSpace space, AddressRange range, String callee) {
    if (!isIn(range.first(), space.options())) {
      throw new MapException(MapFault.Id.BEYOND_SPACE, end(space.name(), space.options()) + ", and " + callee
          + " for addresses " + range + " would never be called; give the addresses without their higher bits");
    }
  }

  private static boolean isIn(long address, AddressSpaceOptions options) {
    return Long.compareUnsigned(address, options.lastAddress()) <= 0;
  }

  private static String end(String space, AddressSpaceOptions options) {
    return "address space '" + space + "' ends at " + AddressRange.hex(options.lastAddress()) + " with its "
        + options.addressBits() + " address bits";
  }
}
