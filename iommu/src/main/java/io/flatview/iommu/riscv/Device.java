package io.flatview.iommu.riscv;

import io.flatview.iommu.Iotlb;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import java.util.Set;
import java.util.function.Consumer;

/** A device behind the IOMMU. Its context in the device directory decides which memory it may reach. */
final class Device implements IommuTranslator {

  /** A context, and the directory's generation as it was before the context was looked up. */
  private record Found(DeviceContext context, long generation) {}

  private final RiscvIommu iommu;
  private final Iotlb iotlb;
  private final PerformanceMonitor monitor;
  private final int id;
  private final Mirrors mirrors;

  /** Immutable; racy on purpose, as every value is right for its generation. */
  private volatile Found found;

  Device(RiscvIommu iommu, int id) {
    this.iommu = iommu;
    this.iotlb = iommu.iotlb();
    this.monitor = iommu.monitor();
    this.id = id;
    this.mirrors = new Mirrors(iommu, this);
  }

  int id() {
    return id;
  }

  /** The mirrors that invalidations update. */
  Mirrors mirrors() {
    return mirrors;
  }

  /** The device's context; null if a fault was raised. The caller reads the generation before the register. */
  DeviceContext context(DeviceDirectory directory, long generation, long ddtp, TableMemory tables, Fault fault) {
    Found last = found;
    if (last != null && last.generation() == generation) {
      return last.context();
    }
    DeviceContext context = directory.locate(ddtp, id, tables, fault);
    if (context != null) {
      found = new Found(context, generation);
    }
    return context;
  }

  @Override
  public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    if (!iotlb.lookup(id, index, address, access, entry)) {
      iommu.walk(this, index, address, access, reader, entry);
    }
    if (monitor.counts(PerformanceMonitor.UNTRANSLATED_REQUEST)) {
      iommu.countRequest(id, index);
      entry.askEachTime();
    }
  }

  @Override
  public void refused(
      long address, Access access, int index, Translation.Fault fault, IommuTlbEntry entry, MapReader reader) {
    if (iommu.isInCircle()) {
      return;
    }
    if (fault == Translation.Fault.HOP_LIMIT) {
      iommu.faults().report(FaultCause.accessFault(access).code(), id, index, access, address, 0, reader);
    } else if (Fault.isReported(entry)) {
      iommu.faults().report(Fault.cause(entry), id, index, access, address, entry.detail(), reader);
    }
  }

  @Override
  public int indexOf(MemTxAttrs attributes) {
    return attributes.hasPid()
        ? ProcessIndex.of(attributes.pid(), attributes.privileged())
        : ProcessIndex.NONE;
  }

  @Override
  public int indexes() {
    return ProcessIndex.COUNT;
  }

  @Override
  public void replay(AddressRange range, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
    mirrors.replay(range, index, mapped);
  }

  @Override
  public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {
    mirrors.change(region, index, !kinds.isEmpty());
  }
}
