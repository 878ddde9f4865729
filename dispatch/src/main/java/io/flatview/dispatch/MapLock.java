package io.flatview.dispatch;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.access.AccessChains;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The lock of the write side. A device's callback may hold the device's lock, for which the holder of this one may
 * wait: a listener that makes an access. So a callback must not wait for this one; it begins transactions of a kind
 * that does not, and what else it may ask for is done when the access has ended.
 *
 * <p>Who gives it back last retires what was replaced meanwhile, which may take as long as a grace period.
 */
final class MapLock {

  private static final System.Logger LOG = System.getLogger(MapLock.class.getName());

  private final ReentrantLock lock = new ReentrantLock();
  private final AccessChains chains;
  private final Retirement retirement;

  MapLock(AccessChains chains, Retirement retirement) {
    this.chains = chains;
    this.retirement = retirement;
  }

  /** For transactions: those of devices' callbacks come here when the access has ended. */
  void lock() {
    lock.lock();
  }

  /** Gives the lock back, and retires what was replaced if that was the last hold. */
  void unlock() {
    lock.unlock();
    if (!lock.isHeldByCurrentThread()) {
      retirement.handOver();
    }
  }

  /** Does something while nobody can change the tree or publish a view. */
  <T> T undisturbed(Supplier<T> work) {
    refuseInDevice();
    lock.lock();
    try {
      return work.get();
    } finally {
      unlock();
    }
  }

  /** Refuses what would wait for the lock in a device's callback. */
  void refuseInDevice() {
    if (chains.current().isInDevice() && !lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("a device's callback can begin transactions, and close regions and address"
          + " spaces, which takes effect when the access has ended; anything else would wait for the map's lock, whose"
          + " holder may wait for the device: do it beforehand, or in another thread");
    }
  }

  /** Does something now, or when the access has ended; nobody is there then to catch what is thrown. */
  void outsideDevices(String what, Runnable work) {
    AccessChain chain = chains.current();
    if (chain.isInDevice()) {
      chain.afterAccess(() -> attempt(what, work));
    } else {
      work.run();
    }
  }

  private static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(WARNING, what + " failed after the callback of the device that asked for it", e);
    }
  }
}
