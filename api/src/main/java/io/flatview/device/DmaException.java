package io.flatview.device;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;

/**
 * A device cannot use the memory that a guest chose, an access to it failed, or the device may no longer access memory.
 * The message has the addresses.
 */
public final class DmaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a guest's mistake that the device itself has found, such as a malformed ring.
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
