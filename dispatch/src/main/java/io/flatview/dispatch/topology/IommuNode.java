package io.flatview.dispatch.topology;

import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.Optional;

/** An IOMMU region, which forwards accesses to another address space. */
public final class IommuNode extends ParentNode implements MemoryRegion.Iommu {

  private final IommuTranslator translator;
  private final IommuNotifiers notifiers;

  IommuNode(Topology topology, String name, Size size, IommuTranslator translator) {
    super(topology, name, size);
    this.translator = translator;
    this.notifiers = new IommuNotifiers(this, translator);
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public IommuTranslator translator() {
    return translator;
  }

  @Override
  public IommuNotifier.Registration addNotifier(IommuNotifier notifier) {
    return notifiers.add(notifier);
  }

  @Override
  public void notifyIommu(int index, IommuEvent event) {
    notifiers.send(index, event);
  }

  /** The region's offsets; empty for a region without any. */
  Optional<AddressRange> range() {
    return size().isEmpty() ? Optional.empty() : Optional.of(new AddressRange(0, size().last()));
  }
}
