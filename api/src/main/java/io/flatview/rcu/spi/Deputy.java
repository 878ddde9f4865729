package io.flatview.rcu.spi;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Runs the grace periods that other threads request while the reclaiming thread runs actions. */
final class Deputy implements Runnable, Idling.Sleeper {

  /*
   * Ordinary actions end soon, and waking a second thread would cost more than they do. So the deputy is woken only if
   * a grace period is requested while actions run; it then waits a moment for the actions to end, and runs grace
   * periods only until they have. Its thread starts when it is woken first: most policies never have it.
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

  private static final long PATIENCE = TimeUnit.MICROSECONDS.toNanos(200);

  private final String policy;
  private final String failure;
  private final GracePeriods periods;
  private final GracePeriodDriver driver;
  private final ActionRunner runner;
  private final Consumer<RuntimeException> failed;
  private final Idling idling = new Idling();
  private final ReentrantLock lock = new ReentrantLock();
  private Thread thread;
  private volatile boolean ended;
  private volatile boolean busy;

  /** Makes a deputy, which serves until the runner is shut, and reports what the flavour throws to {@code failed}. */
  Deputy(
      String policy, GracePeriods periods, GracePeriodDriver driver, ActionRunner runner,
      Consumer<RuntimeException> failed) {
    this.policy = policy;
    this.failure = "grace periods of policy " + policy + " wait for its actions: no other thread can be had";
    this.periods = periods;
    this.driver = driver;
    this.runner = runner;
    this.failed = failed;
  }

  /** Called by the reclaiming thread before it runs actions. */
  void begin() {
    busy = true;
    VarHandle.fullFence(); // D, pairs with E
    if (isWanted()) {
      wake();
    }
  }

  /** Called by the reclaiming thread when the actions have run. */
  void end() {
    busy = false;
  }

  /** Wakes the deputy if actions run. Called by a thread that has just requested a grace period, or a stage of one. */
  void call() {
    VarHandle.fullFence(); // E, pairs with D
    if (busy) {
      wake();
    }
  }

  /** Ends the deputy. Called by the reclaiming thread at its own end. */
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
        idling.sleepUnless(this);
        LockSupport.parkNanos(this, PATIENCE);
        serveOrFail();
      } catch (Throwable e) { // out of memory: the reclaiming thread will meet it, too
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  /** The reclaiming thread, which is in an action, may not meet the failure of a flavour for long. */
  private void serveOrFail() {
    try {
      serve();
    } catch (RuntimeException e) { // thrown by the flavour
      failed.accept(e);
    }
  }

  private void serve() {
    while (isNeeded()) {
      driver.awaitEnd(periods.requested());
      periods.completeStages();
    }
  }

  @Override
  public boolean hasReasonToWake() {
    return ended || isNeeded();
  }

  private boolean isNeeded() {
    return busy && isWanted() && !runner.isShut();
  }

  private boolean isWanted() {
    return periods.isRequested() || periods.hasDueStages();
  }

  /** Starts or wakes the deputy's thread. If that fails, the request is served when the actions have run. */
  private void wake() {
    try {
      start();
      idling.wake();
    } catch (OutOfMemoryError e) {
      SafeLog.warn(Deputy.class, failure, e);
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
