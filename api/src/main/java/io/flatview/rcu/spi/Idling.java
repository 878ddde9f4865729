package io.flatview.rcu.spi;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Lets the reclaiming thread sleep when there is no work, or too little, and wakes it without a lock. */
final class Idling {

  /*
   *   field  | read                  | write                                      | guard
   *   asleep | opaque, volatile CAS  | volatile by the sleeper, volatile CAS by a | -
   *          |                       | waker                                      |
   *   urgent | volatile              | volatile                                   | -
   *
   * The sleeper stores asleep and then checks for work (fence S); a waker queues work and then reads asleep (fence W).
   * Forbidden: neither sees the other's store, and the work waits for ever. The CAS lets one waker of many pay for the
   * unpark.
   *
   * urgent is a hint: a pause that begins just as another thread calls hurry() may have its full length.
   */

  /** The owner of the thread that sleeps. */
  interface Sleeper {
    boolean hasReasonToWake();
  }

  private final AtomicBoolean asleep = new AtomicBoolean();
  private volatile Thread sleeper;
  private volatile boolean urgent;

  /** Called by the sleeper: sleeps until woken, unless there is work; may also return for no reason. */
  void sleepUnless(Sleeper owner) {
    sleeper = Thread.currentThread();
    asleep.set(true);
    VarHandle.fullFence(); // S, pairs with W
    if (!owner.hasReasonToWake()) {
      LockSupport.park(this);
      Thread.interrupted(); // a pending interrupt would turn the next sleep into a spin
    }
    asleep.set(false);
  }

  /** Called by the sleeper: pauses so that more work can arrive, unless a thread is in a hurry. */
  void gather(long nanos) {
    sleeper = Thread.currentThread();
    if (!urgent) {
      LockSupport.parkNanos(this, nanos);
    }
    urgent = false;
  }

  /** Called by any thread that waits for work which it queued: cuts a pause short. */
  void hurry() {
    urgent = true;
    wake();
    LockSupport.unpark(sleeper);
  }

  /** Wakes the sleeper. Called by any thread that has just queued work. */
  void wake() {
    VarHandle.fullFence(); // W, pairs with S
    if (asleep.getOpaque() && asleep.compareAndSet(true, false)) {
      LockSupport.unpark(sleeper);
    }
  }
}
