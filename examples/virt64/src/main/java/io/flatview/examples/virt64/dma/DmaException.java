package io.flatview.examples.virt64.dma;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;

/** A device was given an address that it cannot use. */
public final class DmaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DmaException(AddressSpace space, long address, MemTxResult result) {
    super("DMA at " + AddressRange.hex(address) + " in '" + space.name() + "': " + result);
  }
}
