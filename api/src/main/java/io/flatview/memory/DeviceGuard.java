package io.flatview.memory;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Guards a device against its own accesses and against parallel ones. The {@link MmioRules} of all regions of one
 * device must have the same guard.
 *
 * <p>Re-entry happens within one chain of accesses: a device is called, and its callback makes accesses in the same
 * thread, which call devices in their turn. Accesses of other threads are no re-entry.
 */
public final class DeviceGuard {

  /** How accesses of several threads to the device are kept apart. */
  public enum Locking {
    /** The device uses a lock of its own, or needs none. */
    OWN,
    /** The memory system holds {@link DeviceGuard#lock()} around each access. */
    DEVICE
  }

  /** The treatment of an access to a device from the device's own callback. */
  public enum Reentrancy {
    /** The access fails with {@link MemTxResult#ACCESS_ERROR}, and the device is not called. */
    REJECT,
    /** The device is called. */
    ALLOW
  }

  private final String name;
  private final Locking locking;
  private final Reentrancy reentrancy;

  /** Made at the first call of lock() for a device with {@link Locking#OWN}, since a machine has many of them. */
  private volatile Lock lock;

  /**
   * Makes a guard.
   *
   * @param name the name of the device, for messages
   * @param locking how threads are kept apart
   * @param reentrancy the result of an access that re-enters the device
   */
  public DeviceGuard(String name, Locking locking, Reentrancy reentrancy) {
    this.name = Objects.requireNonNull(name, "name");
    this.locking = Objects.requireNonNull(locking, "locking");
    this.reentrancy = Objects.requireNonNull(reentrancy, "reentrancy");
    this.lock = locking == Locking.DEVICE ? new Lock() : null;
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
   * How threads are kept apart.
   *
   * @return the value given to the constructor
   */
  public Locking locking() {
    return locking;
  }

  /**
   * The result of an access that re-enters the device.
   *
   * @return the value given to the constructor
   */
  public Reentrancy reentrancy() {
    return reentrancy;
  }

  /**
   * The lock held around accesses with {@link Locking#DEVICE}. The device takes this lock in threads of its own, such
   * as timers; while such a thread holds the lock, it must not access memory. A transaction that it begins then is
   * refused if a listener waits for the device: see {@link MemorySystem}.
   *
   * @return the lock
   */
  public ReentrantLock lock() {
    Lock made = lock;
    return made != null ? made : makeLock();
  }

  private synchronized ReentrantLock makeLock() {
    if (lock == null) {
      lock = new Lock();
    }
    return lock;
  }

  /**
   * The thread that holds the lock, for diagnosis: it may release the lock at any time.
   *
   * @return the thread; empty if no thread holds the lock
   */
  public Optional<Thread> holder() {
    Lock made = lock;
    return made == null ? Optional.empty() : Optional.ofNullable(made.owner());
  }

  @Override
  public String toString() {
    return "device '" + name + "'";
  }

  /** A lock that tells its owner. */
  @SuppressWarnings("serial") // locks are not serialized here
  private static final class Lock extends ReentrantLock {

    Thread owner() {
      return getOwner();
    }
  }
}
