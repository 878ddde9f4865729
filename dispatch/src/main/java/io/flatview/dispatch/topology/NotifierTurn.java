package io.flatview.dispatch.topology;

import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MemTx;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;

/** The turn to call the notifiers of one IOMMU region: the lock of a device that no access reaches. */
final class NotifierTurn implements MmioDevice {

  private final MmioRules rules;

  private NotifierTurn(RegionNode region) {
    this.rules = MmioRules.DEFAULT.withGuard(
        new DeviceGuard("the notifiers of '" + region.name() + "'", Locking.DEVICE, Reentrancy.ALLOW));
  }

  static DeviceBinding of(RegionNode region) {
    return new DeviceBinding(region, new NotifierTurn(region));
  }

  @Override
  public MmioRules rules() {
    return rules;
  }

  @Override
  public long read(long offset, int size, MemTx tx) {
    throw new AssertionError("notifiers are no device");
  }

  @Override
  public void write(long offset, int size, long value, MemTx tx) {
    throw new AssertionError("notifiers are no device");
  }
}
