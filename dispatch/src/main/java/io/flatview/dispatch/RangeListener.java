package io.flatview.dispatch;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.Objects;

/** Lets through to a listener what concerns a range. Equal to another for the same listener and range. */
record RangeListener(MemoryListener listener, AddressRange range) implements MemoryListener {

  RangeListener {
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(range, "range");
  }

  private MapChange narrowed(MapChange change) {
    return new MapChange(change.addressSpace(), change.generation(), change.before(), change.after(),
        touching(change.removed()), touching(change.added()));
  }

  private List<MemoryRegionSection> touching(List<MemoryRegionSection> sections) {
    return sections.stream().filter(this::touches).toList();
  }

  private boolean touches(MemoryRegionSection section) {
    return section.range().overlaps(range);
  }

  @Override
  public int priority() {
    return listener.priority();
  }

  @Override
  public boolean wantsNops() {
    return listener.wantsNops();
  }

  @Override
  public boolean wantsDoorbells() {
    return listener.wantsDoorbells();
  }

  @Override
  public void doorbellAdd(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
    if (range.contains(address)) {
      listener.doorbellAdd(device, address, doorbell);
    }
  }

  @Override
  public void doorbellDel(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
    if (range.contains(address)) {
      listener.doorbellDel(device, address, doorbell);
    }
  }

  @Override
  public void coalescedAdd(MemoryRegion.Mmio device, AddressRange addresses) {
    if (addresses.overlaps(range)) {
      listener.coalescedAdd(device, addresses);
    }
  }

  @Override
  public void coalescedDel(MemoryRegion.Mmio device, AddressRange addresses) {
    if (addresses.overlaps(range)) {
      listener.coalescedDel(device, addresses);
    }
  }

  @Override
  public void plan(MapChange change) {
    listener.plan(narrowed(change));
  }

  @Override
  public void begin(MapChange change) {
    listener.begin(narrowed(change));
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    if (touches(section)) {
      listener.regionDel(section);
    }
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    if (touches(section)) {
      listener.regionAdd(section);
    }
  }

  @Override
  public void regionNop(MemoryRegionSection section) {
    if (touches(section)) {
      listener.regionNop(section);
    }
  }

  @Override
  public void logStart(MemoryRegionSection section, int before, int after) {
    if (touches(section)) {
      listener.logStart(section, before, after);
    }
  }

  @Override
  public void logStop(MemoryRegionSection section, int before, int after) {
    if (touches(section)) {
      listener.logStop(section, before, after);
    }
  }

  @Override
  public void commit(MapChange change) {
    listener.commit(narrowed(change));
  }

  @Override
  public void abort(MapChange change) {
    listener.abort(narrowed(change));
  }

  @Override
  public String toString() {
    return listener + " on " + range;
  }
}
