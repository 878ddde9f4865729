package io.flatview.examples.virt64.device;

import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;

/**
 * A device of the board. Its {@link Locking} says whether the map or the device itself keeps threads apart in its
 * registers. An access that comes back to the device that made it is refused.
 *
 * <p>A wire may be set under a device's lock, since the interrupt controller calls no device: its lock is always the
 * last.
 */
public abstract class BoardDevice implements MmioHandler {

  private final DeviceGuard guard;
  private final MmioRules rules;

  /**
   * A device.
   *
   * @param name the name of the device, for messages
   * @param locking whether the map locks the device around each access
   */
  protected BoardDevice(String name, Locking locking) {
    guard = new DeviceGuard(name, locking, Reentrancy.REJECT);
    rules = MmioRules.DEFAULT.withGuard(guard);
  }

  @Override
  public final MmioRules rules() {
    return rules;
  }

  /**
   * Does something between two accesses, for threads that come another way than through the registers.
   *
   * @param work the work; must not access memory
   */
  protected final void betweenAccesses(Runnable work) {
    guard.lock().lock();
    try {
      work.run();
    } finally {
      guard.lock().unlock();
    }
  }
}
