package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;

/** A device's registers. */
public final class MmioNode extends ParentNode implements MemoryRegion.Mmio {

  private final MmioHandler handler;

  MmioNode(Topology topology, String name, Size size, MmioHandler handler) {
    super(topology, name, size);
    this.handler = handler;
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public MmioHandler handler() {
    return handler;
  }
}
