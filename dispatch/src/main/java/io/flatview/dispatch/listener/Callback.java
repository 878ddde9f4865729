package io.flatview.dispatch.listener;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;

/**
 * A callback of a {@link MemoryListener} before publication, as data: how to call a listener, how to call it with the
 * inverse, and which listeners get the call. Each kind of callback must implement all three.
 */
sealed interface Callback {

  /** Calls the listener. */
  void call(MemoryListener listener);

  /** Calls the listener with the inverse of the callback. */
  void takeBack(MemoryListener listener);

  /** Whether a listener that is registered for a range gets the callback. */
  boolean concerns(AddressRange range);

  record Begin(MapChange change) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.begin(change);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.abort(change);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return true;
    }
  }

  record RegionDel(MemoryRegionSection section) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.regionDel(section);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.regionAdd(section);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return section.range().overlaps(range);
    }
  }

  record RegionAdd(MemoryRegionSection section) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.regionAdd(section);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.regionDel(section);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return section.range().overlaps(range);
    }
  }

  record RegionNop(MemoryRegionSection section) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.regionNop(section);
    }

    /** A section that stays needs no inverse. */
    @Override
    public void takeBack(MemoryListener listener) {}

    @Override
    public boolean concerns(AddressRange range) {
      return section.range().overlaps(range);
    }
  }

  record LogStart(MemoryRegionSection section, int before, int after) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.logStart(section, before, after);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.logStop(section, after, before);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return section.range().overlaps(range);
    }
  }

  record LogStop(MemoryRegionSection section, int before, int after) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.logStop(section, before, after);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.logStart(section, after, before);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return section.range().overlaps(range);
    }
  }

  record DoorbellAdd(MemoryRegion.Mmio device, long address, Doorbell doorbell) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.doorbellAdd(device, address, doorbell);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.doorbellDel(device, address, doorbell);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return range.contains(address);
    }
  }

  record DoorbellDel(MemoryRegion.Mmio device, long address, Doorbell doorbell) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.doorbellDel(device, address, doorbell);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.doorbellAdd(device, address, doorbell);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return range.contains(address);
    }
  }

  record CoalescedAdd(MemoryRegion.Mmio device, AddressRange addresses) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.coalescedAdd(device, addresses);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.coalescedDel(device, addresses);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return addresses.overlaps(range);
    }
  }

  record CoalescedDel(MemoryRegion.Mmio device, AddressRange addresses) implements Callback {
    @Override
    public void call(MemoryListener listener) {
      listener.coalescedDel(device, addresses);
    }

    @Override
    public void takeBack(MemoryListener listener) {
      listener.coalescedAdd(device, addresses);
    }

    @Override
    public boolean concerns(AddressRange range) {
      return addresses.overlaps(range);
    }
  }
}
