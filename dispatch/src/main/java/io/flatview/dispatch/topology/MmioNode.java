package io.flatview.dispatch.topology;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.Size;
import java.util.List;

/** A device's registers. */
public final class MmioNode extends ParentNode implements MemoryRegion.Mmio {

  private final DeviceBinding device;

  /** The rules of the device's gate, including changes of an open transaction; a commit copies them to the gate. */
  volatile DeviceGate.Rules rules = DeviceGate.Rules.NONE;

  MmioNode(Topology topology, String name, Size size, MmioDevice handler) {
    super(topology, name, size);
    this.device = new DeviceBinding(this, handler);
  }

  @Override
  public List<Doorbell> doorbells() {
    return rules.doorbells().all();
  }

  @Override
  public List<AddressRange> coalesced() {
    return rules.coalesced();
  }

  @Override
  public void flushCoalesced() {
    topology().owner().flush(this);
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public DeviceBinding device() {
    return device;
  }

  @Override
  public MmioDevice handler() {
    return device.handler;
  }
}
