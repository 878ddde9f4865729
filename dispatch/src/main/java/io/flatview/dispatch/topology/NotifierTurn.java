package io.flatview.dispatch.topology;

import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MemTx;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;

/**
 * The turn to call the notifiers of one IOMMU region, or the discard listeners of one memory: the lock of a device that
 * no access reaches.
 */
final class NotifierTurn implements MmioDevice {

  private final MmioRules rules;

  private NotifierTurn(String called) {
    this.rules = MmioRules.DEFAULT.withGuard(new DeviceGuard(called, Locking.DEVICE, Reentrancy.ALLOW));
  }

  /** Makes the turn of a region; the first word says what is called. */
  static DeviceBinding of(String what, RegionNode region) {
    return new DeviceBinding(region, new NotifierTurn("the " + what + " of '" + region.name() + "'"));
  }

  @Override
  public MmioRules rules() {
    return rules;
  }

  @Override
  public long read(long offset, int size, MemTx tx) {
    throw new AssertionError("a turn is no device");
  }

  @Override
  public void write(long offset, int size, long value, MemTx tx) {
    throw new AssertionError("a turn is no device");
  }
}
