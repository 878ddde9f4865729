package io.flatview.dispatch.topology;

import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;

/** Forwards to another address space. */
public final class IommuNode extends ParentNode implements MemoryRegion.Iommu {

  private final IommuTranslator translator;

  IommuNode(Topology topology, String name, Size size, IommuTranslator translator) {
    super(topology, name, size);
    this.translator = translator;
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public IommuTranslator translator() {
    return translator;
  }
}
