package io.flatview.device;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;

/** A device was given memory that it cannot use, or may no longer use; the message names it. */
public final class DmaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * A guest's mistake that a device finds itself, such as a malformed ring.
   *
   * @param message names the mistake, with its addresses
   */
  public DmaException(String message) {
    super(message);
  }

  DmaException(AddressSpace space, long address, MemTxResult result) {
    super("DMA at " + AddressRange.hex(address) + " in '" + space.name() + "': " + result);
  }
}
