package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;

/** Calls devices. */
final class DeviceAccess {

  long load(PhysSection leaf, long offset, int size) {
    return leaf.device.read(offset, size) & LittleEndian.mask(size);
  }

  void store(PhysSection leaf, long offset, int size, long value) {
    leaf.device.write(offset, size, value);
  }
}
