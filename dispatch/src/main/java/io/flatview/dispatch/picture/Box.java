package io.flatview.dispatch.picture;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import java.util.List;
import java.util.Optional;

/**
 * A region, or an alias with what it shows, at one place of an address space.
 *
 * @param region who; an alias stands for what it shows in the end
 * @param shown what an alias shows in the end; the region itself for other kinds
 * @param path the regions from the root to this one
 * @param level how deep it stands, 0 for the root; an alias and what it shows share a level
 * @param range where it would be if nothing hid it
 * @param offset which offset of {@code region} stands at the range's first address, unsigned
 * @param content the part of the range that {@code shown} reaches; an alias may be larger or show nothing
 * @param kind of what is shown
 * @param rank the order in which it was asked: of two that overlap, the one with the lower rank hides the other
 * @param visible where it answers; for one that arranges others, nothing
 */
record Box(
    MemoryRegion region, MemoryRegion shown, List<MemoryRegion> path, int level, AddressRange range, long offset,
    Optional<AddressRange> content, Kind kind, int rank, List<AddressRange> visible) {

  /** Whether it would answer where nobody hides it. */
  boolean answers() {
    return kind != Kind.CONTAINER;
  }

  /** The name, and what an alias shows. */
  String label() {
    return region == shown ? region.name() : region.name() + " \u2192 " + shown.name();
  }
}
