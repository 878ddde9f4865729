package io.flatview.device;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;

/** A device was given memory that it cannot use, or is to leave it alone by now; the message names it. */
public final class DmaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * A guest's mistake that a device finds by itself, such as a ring that is none.
   *
   * @param message which, with its addresses
   */
  public DmaException(String message) {
    super(message);
  }

  DmaException(AddressSpace space, long address, MemTxResult result) {
    super("DMA at " + AddressRange.hex(address) + " in '" + space.name() + "': " + result);
  }
}
