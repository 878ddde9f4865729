package io.flatview.dispatch.picture;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.Optional;

/**
 * Addresses between two neighbouring bounds of anything: all of them belong to the same boxes.
 *
 * @param range which addresses
 * @param section who answers; empty for a hole
 * @param labelled something starts here whose name must be readable
 * @param top where it is drawn
 * @param height how tall
 */
record Band(AddressRange range, Optional<MemoryRegionSection> section, boolean labelled, int top, int height) {

  int bottom() {
    return top + height;
  }
}
