package io.flatview.rcu.spi;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The reclaiming thread of one policy. */
final class Reclaimer implements Runnable, Idling.Sleeper {

  /*
   * A cycle: take what was retired, wait for a grace period, run what was taken. What is retired meanwhile waits for
   * the next cycle, so that one grace period serves everything queued before it began. The order matters: first take,
   * then request. Forbidden: an action that is taken after the request belongs to an object that a reader found after
   * the scan had checked that reader. The hand-over through the queue makes the unlinking happen before fence R of the
   * request.
   *
   * If actions come all the time, but few, each would get a grace period and a bag nearly of its own. That is dear for
   * readers, if the flavour interrupts them, and for retiring threads. So the reclaiming thread pauses before it takes
   * more, if it was not asleep before. It proceeds at once if a thread waits for it, if much memory waits, or if many
   * bags are open.
   *
   * After an Error the thread pauses and begins its cycle again: the actions that it took stay in the batch, and the
   * batch is a chain of bags, so that taking, keeping and running it need no memory. Only a flavour that throws an
   * exception ends the policy, as it protects no reader any more.
   *
   *   field      | read                      | write                           | guard
   *   batch      | volatile                  | volatile by the reclaiming      | single writer
   *   rested     | plain                     | plain                           | the reclaiming thread
   *   failure    | volatile                  | volatile by any: one stays      | stored before the queue closes
   *   terminated | volatile                  | volatile by the reclaiming      | single writer
   */

  private static final int PLENTY = 16;
  private static final long GATHER_NANOS = 20_000;
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

  private final String policy;
  private final String end;
  private final RetireQueue queue;
  private final GracePeriods periods;
  private final GracePeriodDriver driver;
  private final Progress progress;
  private final Telemetry telemetry;
  private final ActionRunner runner;
  private final MemoryLoad memory;
  private final Deputy deputy;
  private final Idling idling = new Idling();
  private final LimitedWarning warning = new LimitedWarning(Reclaimer.class);
  private final Supplier<String> survival = this::survival;
  private volatile RetireBag batch;
  private boolean rested;
  private long pause = FIRST_PAUSE;
  private volatile Throwable failure;
  private volatile boolean terminated;

  Reclaimer(
      String policy, RetireQueue queue, GracePeriods periods, GracePeriodDriver driver, Progress progress,
      Telemetry telemetry, ActionRunner runner, MemoryLoad memory) {
    this.policy = policy;
    this.end = "the " + policy + " policy failed, and is closed";
    this.queue = queue;
    this.periods = periods;
    this.driver = driver;
    this.progress = progress;
    this.telemetry = telemetry;
    this.runner = runner;
    this.memory = memory;
    this.deputy = new Deputy(policy, periods, driver, runner, this::fail);
  }

  /** Called by any thread that has just retired an action or closed the policy: wakes the reclaiming thread. */
  void wake() {
    idling.wake();
  }

  /** Called by any thread that waits for its retired actions: ends a pause of the reclaiming thread. */
  void hurry() {
    idling.hurry();
  }

  /** Called by any thread that has just requested a grace period, which must not wait for actions. */
  void hurryGracePeriod() {
    idling.hurry();
    deputy.call();
  }

  /** Called by any thread that has just added a stage, whose grace period must not wait for actions. */
  void wakeForStage() {
    idling.wake();
    deputy.call();
  }

  boolean isTerminated() {
    return terminated;
  }

  /** Whether grace periods will not end any more, so that waiting threads must give up. */
  boolean hasGivenUp() {
    return terminated || runner.isShut();
  }

  /** The failure that ended the policy, if it was not closed; else null. */
  Throwable failure() {
    return failure;
  }

  /**
   * Called after the queue was closed: gives up the actions that have not begun, and returns their number; fails the
   * stages that wait. The reclaiming thread may be in an action that does not end, and so cannot do this.
   */
  long giveUp() {
    IllegalStateException reason = new IllegalStateException("the policy " + policy
        + (failure == null ? " was closed" : " failed") + " before the grace period had ended", failure);
    runner.shut(reason);
    wake();
    progress.announce();
    abandonBatch();
    abandon(queue.discard());
    periods.completeStages();
    periods.abort(reason);
    return queue.seal() - runner.begun();
  }

  /** Ends the policy, as a flavour that failed protects no reader any more. Called by the thread in which it failed. */
  void fail(RuntimeException cause) {
    boolean first = failure == null;
    failure = first ? cause : failure;
    queue.close();
    giveUp();
    if (first) {
      SafeLog.warn(Reclaimer.class, end, cause);
    }
  }

  @Override
  public void run() {
    while (!isFinished()) {
      rest(goesThrough(false));
    }
    while (!goesThrough(true)) {
      rest(false);
    }
  }

  private void work() {
    if (hasWork()) {
      gather();
      cycle();
    } else {
      idling.sleepUnless(this);
      rested = true;
    }
  }

  /** Works once, or ends the policy. Never throws, and allocates nothing by itself. */
  private boolean goesThrough(boolean ending) {
    try {
      return isDone(ending);
    } catch (Throwable e) {
      warning.log(survival, e);
      return false;
    }
  }

  private boolean isDone(boolean ending) {
    try {
      if (ending) {
        terminate();
      } else {
        work();
      }
    } catch (RuntimeException e) { // thrown by the flavour
      fail(e);
    }
    return true;
  }

  private void rest(boolean through) {
    if (through) {
      pause = FIRST_PAUSE;
    } else {
      LockSupport.parkNanos(this, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }

  private String survival() {
    return "the reclaiming thread of policy " + policy + " failed, and goes on";
  }

  private void gather() {
    if (!rested && !memory.isLarge() && !queue.isClosed() && queue.openBags() < PLENTY) {
      idling.gather(GATHER_NANOS);
    }
    rested = false;
  }

  private boolean isFinished() {
    return runner.isShut() || (queue.isClosed() && !hasWork() && queue.finish());
  }

  private boolean hasWork() {
    return batch != null || !queue.isEmpty() || periods.isRequested() || periods.hasDueStages();
  }

  @Override
  public boolean hasReasonToWake() {
    return hasWork() || isFinished();
  }

  private void cycle() {
    Thread.interrupted(); // left by an action; it would turn every pause into a spin
    if (batch == null) {
      batch = queue.take();
    }
    if (batch != null || periods.isRequested()) {
      awaitGracePeriod();
    }
    periods.completeStages();
  }

  private void awaitGracePeriod() {
    long target = batch == null ? periods.requested() : periods.request();
    driver.awaitEnd(target);
    if (batch != null && periods.hasEnded(target)) {
      runBatch();
    }
  }

  private void runBatch() {
    Object event = telemetry.beginBatch();
    long before = runner.begun();
    deputy.begin();
    try {
      emptyBatch();
    } finally {
      deputy.end();
      progress.announce();
    }
    telemetry.endBatch(event, policy, runner.begun() - before);
  }

  /** Runs the actions that were taken, or abandons them if the gate is shut. */
  private void emptyBatch() {
    for (RetireBag bag = batch; bag != null; bag = batch) {
      runner.runAll(bag);
      batch = cut(bag);
    }
  }

  /**
   * Called by any thread once the gate is shut: abandons the actions that were taken and have not begun. If the
   * reclaiming thread cuts a bag off meanwhile, this may miss those behind it; then that thread is in no action, and
   * abandons them itself.
   */
  private void abandonBatch() {
    for (RetireBag bag = batch; bag != null; bag = bag.next) {
      runner.abandonAll(bag);
    }
  }

  /** Abandons the actions in bags that were not taken. */
  private void abandon(RetireBag left) {
    RetireBag bag = left;
    while (bag != null) {
      RetireBag next = cut(bag);
      runner.abandonAll(bag);
      bag = next;
    }
  }

  /** Removes the first bag from a list, and returns the rest: a thread keeps its last bag, but must keep no other. */
  private static RetireBag cut(RetireBag first) {
    RetireBag rest = first.next;
    first.next = null;
    return rest;
  }

  private void terminate() {
    queue.close();
    giveUp();
    emptyBatch();
    terminated = true;
    deputy.dismiss();
    progress.announce();
  }
}
