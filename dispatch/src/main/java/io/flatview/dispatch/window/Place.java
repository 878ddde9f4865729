package io.flatview.dispatch.window;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.Translation;

/**
 * Where a window is, and for whom.
 *
 * @param space the address space
 * @param address the first address, unsigned
 * @param access what for
 * @param attributes what the initiator says of itself
 */
public record Place(AddressSpace space, long address, Access access, MemTxAttrs attributes) {

  /** Where bytes from some distance on lead. */
  Translation translate(MapReader reader, long distance, long length) {
    return reader.translate(space, address + distance, length, access, attributes);
  }
}
