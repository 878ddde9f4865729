package io.flatview.dispatch.picture;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import java.util.List;
import java.util.Optional;

/**
 * A region, or an alias with its target, at one range of an address space.
 *
 * @param region the region; may be an alias
 * @param shown the region at the end of the targets of an alias; the region itself for other kinds
 * @param path the regions from the root to this one
 * @param level the depth in the tree, 0 for the root; an alias and its target have the same level
 * @param range the addresses at which the region would show if nothing hid it
 * @param offset the offset of {@code region} at the range's first address, unsigned
 * @param content the part of the range that {@code shown} reaches; an alias may be larger or show nothing
 * @param kind the kind of {@code shown}
 * @param rank the position in the renderer's order: of two boxes that overlap, the one with the lower rank hides the
 *     other
 * @param visible the addresses at which the region answers; empty for a container
 */
record Box(
    MemoryRegion region, MemoryRegion shown, List<MemoryRegion> path, int level, AddressRange range, long offset,
    Optional<AddressRange> content, Kind kind, int rank, List<AddressRange> visible) {

  /** Whether the region answers where no other box hides it. */
  boolean answers() {
    return kind != Kind.CONTAINER;
  }

  /** The name of the region, with the target if it is an alias. */
  String label() {
    return region == shown ? region.name() : region.name() + " \u2192 " + shown.name();
  }
}
