package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;

/** A reserved region, which refuses every access. */
public final class ReservedNode extends ParentNode implements MemoryRegion.Reserved {

  ReservedNode(Topology topology, String name, Size size) {
    super(topology, name, size);
  }

  @Override
  public boolean answers() {
    return true;
  }
}
