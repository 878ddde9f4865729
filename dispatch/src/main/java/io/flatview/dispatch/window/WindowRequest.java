package io.flatview.dispatch.window;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.Translation;

/**
 * The arguments with which a window was mapped.
 *
 * @param space the address space
 * @param address the first address, unsigned
 * @param access the accesses that the window is for
 * @param attributes the attributes of the initiator
 */
public record WindowRequest(AddressSpace space, long address, Access access, MemTxAttrs attributes) {

  /** Translates the address at some distance from the first. */
  Translation translate(MapReader reader, long distance, long length) {
    return reader.translate(space, address + distance, length, access, attributes);
  }
}
