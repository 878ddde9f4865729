package io.flatview.rcu.spi;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Runs the grace periods that others ask for while the reclaiming thread is inside actions. */
final class Deputy implements Runnable {

  /*
   * Actions of an ordinary length are over before another thread misses the reclaiming thread, and waking a second one
   * for them would cost more than they do. So the deputy is woken only if a grace period is asked for while actions
   * run, gives them a moment, and works only as long as they do not end. Its thread starts when it is woken first: most
   * policies never have it.
   *
   *   field   | read         | write              | guard
   *   busy    | volatile     | volatile by the    | single writer
   *           |              | reclaiming thread  |
   *   thread  | plain        | plain              | lock
   *   ended   | volatile     | volatile           | lock
   *
   * The reclaiming thread stores busy and then looks for requests (fence D); a thread that asks for a grace period
   * stores its request and then looks at busy (fence E). Forbidden: neither sees the other's store, and the request
   * waits until the actions end.
   */

  private static final System.Logger LOG = System.getLogger(Deputy.class.getName());
  private static final long PATIENCE = TimeUnit.MICROSECONDS.toNanos(200);

  private final String policy;
  private final String failure;
  private final GracePeriods periods;
  private final GracePeriodDriver driver;
  private final BooleanSupplier givenUp;
  private final Idling idling = new Idling();
  private final BooleanSupplier reasonToWake = this::hasReasonToWake;
  private final ReentrantLock lock = new ReentrantLock();
  private Thread thread;
  private volatile boolean ended;
  private volatile boolean busy;

  Deputy(String policy, GracePeriods periods, GracePeriodDriver driver, BooleanSupplier givenUp) {
    this.policy = policy;
    this.failure = "grace periods of policy " + policy + " wait for its actions: no other thread can be had";
    this.periods = periods;
    this.driver = driver;
    this.givenUp = givenUp;
  }

  /** For the reclaiming thread, before it runs actions. */
  void begin() {
    busy = true;
    VarHandle.fullFence(); // D, pairs with E
    if (isWanted()) {
      wake();
    }
  }

  /** For the reclaiming thread, when the actions have run. */
  void end() {
    busy = false;
  }

  /** For a thread that has just asked for a grace period, or for a stage of one. */
  void call() {
    VarHandle.fullFence(); // E, pairs with D
    if (busy) {
      wake();
    }
  }

  /** For the reclaiming thread: there is nothing left to do. */
  void dismiss() {
    lock.lock();
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
    idling.wake();
  }

  @Override
  public void run() {
    while (!ended) {
      try {
        idling.sleepUnless(reasonToWake);
        LockSupport.parkNanos(this, PATIENCE);
        serve();
      } catch (Throwable e) { // for want of memory, or of the flavour: the reclaiming thread meets it too
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  private void serve() {
    while (isNeeded()) {
      driver.awaitEnd(periods.requested());
      periods.completeStages();
    }
  }

  private boolean hasReasonToWake() {
    return ended || isNeeded();
  }

  private boolean isNeeded() {
    return busy && isWanted() && !givenUp.getAsBoolean();
  }

  private boolean isWanted() {
    return periods.isRequested() || periods.hasDueStages();
  }

  /** A request that cannot be served now is served when the actions have run. */
  private void wake() {
    try {
      start();
      idling.wake();
    } catch (OutOfMemoryError e) {
      SafeLog.warn(LOG, failure, e);
    }
  }

  private void start() {
    lock.lock();
    try {
      if (thread == null && !ended) {
        thread = Threads.daemon(policy + "-deputy", this);
      }
    } finally {
      lock.unlock();
    }
  }
}
