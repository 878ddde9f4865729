package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;

/** A container, which only arranges other regions. */
public final class ContainerNode extends ParentNode implements MemoryRegion.Container {

  ContainerNode(Topology topology, String name, Size size) {
    super(topology, name, size);
  }

  @Override
  public boolean answers() {
    return false;
  }
}
