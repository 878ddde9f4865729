package io.flatview.dispatch.model;

import io.flatview.memory.Access;

/** What a region of the model is. */
enum Kind {
  CONTAINER,
  RAM,
  ROM,
  ROM_DEVICE,
  MMIO,
  RESERVED,
  ALIAS;

  boolean answers() {
    return this != CONTAINER && this != ALIAS;
  }

  /** Whether an access is one to memory, allowed or not, rather than one to a device. */
  boolean isMemoryFor(Access access, boolean romdMode) {
    return this == RAM || this == ROM || this == ROM_DEVICE && romdMode && access == Access.READ;
  }

  boolean hasMemory() {
    return this == RAM || this == ROM || this == ROM_DEVICE;
  }
}
