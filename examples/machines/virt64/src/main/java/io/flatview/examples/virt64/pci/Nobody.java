package io.flatview.examples.virt64.pci;

import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.memory.DeviceGuard.Locking;

/** Answers on a PCI bus where no function does: all ones. Has no state; any thread may call it. */
final class Nobody extends BoardDevice {

  Nobody() {
    super("nobody", Locking.OWN);
  }

  @Override
  public long read(long offset, int size) {
    return -1;
  }

  @Override
  public void write(long offset, int size, long value) {
    // No function takes the write.
  }
}
