package io.flatview.memory;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What guards a device against itself. All regions of one device name the same guard in their {@link MmioRules}.
 *
 * <p>Re-entry is a matter of one chain of accesses: a device that is called, and makes accesses from its callback in
 * the same thread, which call devices in their turn. Accesses of other threads are no re-entry.
 */
public final class DeviceGuard {

  /** Who keeps accesses of several threads apart. */
  public enum Locking {
    /** Nobody but the device, which needs no lock or has its own. */
    OWN,
    /** The map: it holds {@link DeviceGuard#lock()} around each access. */
    DEVICE
  }

  /** What happens to an access of a chain that the device is in already. */
  public enum Reentrancy {
    /** It fails with {@link MemTxResult#ACCESS_ERROR}, and the device is not called. */
    REJECT,
    /** The device is called. */
    ALLOW
  }

  private final String name;
  private final Locking locking;
  private final Reentrancy reentrancy;

  /** Null until it is asked for, of a device that locks itself: a machine has many of these. */
  private volatile ReentrantLock lock;

  /**
   * A guard.
   *
   * @param name of the device, for people
   * @param locking who keeps threads apart
   * @param reentrancy what happens on re-entry
   */
  public DeviceGuard(String name, Locking locking, Reentrancy reentrancy) {
    this.name = Objects.requireNonNull(name, "name");
    this.locking = Objects.requireNonNull(locking, "locking");
    this.reentrancy = Objects.requireNonNull(reentrancy, "reentrancy");
    this.lock = locking == Locking.DEVICE ? new ReentrantLock() : null;
  }

  /**
   * The device.
   *
   * @return its name
   */
  public String name() {
    return name;
  }

  /**
   * Who keeps threads apart.
   *
   * @return as given
   */
  public Locking locking() {
    return locking;
  }

  /**
   * What happens on re-entry.
   *
   * @return as given
   */
  public Reentrancy reentrancy() {
    return reentrancy;
  }

  /**
   * The lock held around accesses with {@link Locking#DEVICE}. The device takes it in threads of its own, such as
   * timers; it must not access memory there while it holds it.
   *
   * @return the lock
   */
  public ReentrantLock lock() {
    ReentrantLock made = lock;
    return made != null ? made : makeLock();
  }

  private synchronized ReentrantLock makeLock() {
    if (lock == null) {
      lock = new ReentrantLock();
    }
    return lock;
  }

  @Override
  public String toString() {
    return "device '" + name + "'";
  }
}
