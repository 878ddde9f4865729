package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.VisiblePart;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;

/**
 * Finds roots that reach beyond the address lines of their space. Readers look up an address as it is first, and
 * without its higher bits only where that finds a hole; so nothing may show beyond the last address.
 */
final class RootReach {

  private RootReach() {}

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
    return part == null || Long.compareUnsigned(part.last(), options.lastAddress()) <= 0
        ? null
        : "address space '" + space + "' ends at " + AddressRange.hex(options.lastAddress()) + " with its "
            + options.addressBits() + " address bits, and its root " + root + " is at "
            + new AddressRange(part.first(), part.last()) + "; show it, or a part of it, through an alias";
  }
}
