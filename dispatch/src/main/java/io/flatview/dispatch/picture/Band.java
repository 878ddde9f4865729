package io.flatview.dispatch.picture;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.Optional;

/**
 * The addresses between two neighbouring bounds of boxes: all of them belong to the same boxes.
 *
 * @param range the addresses
 * @param section the section that answers; empty for a hole
 * @param labelled whether a box starts here whose name must be readable
 * @param top the upper edge, in pixels
 * @param height the height, in pixels
 */
record Band(AddressRange range, Optional<MemoryRegionSection> section, boolean labelled, int top, int height) {

  int bottom() {
    return top + height;
  }
}
