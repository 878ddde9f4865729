package io.flatview.rcu.spi;

import java.util.ArrayList;
import java.util.List;

/** The reclaiming thread of one policy. */
final class Reclaimer implements Runnable {

  /*
   * A cycle: take what was retired, wait for a grace period, run what was taken. What is retired meanwhile waits for
   * the next cycle, so that one grace period serves everything queued before it began. The order take, request is the
   * point: forbidden is to ask first, for then an action taken afterwards may belong to an object that a reader found
   * after the scan had passed it. The hand-over through the queue makes the unlinking happen before fence R of the
   * request.
   *
   * Work that comes faster than a grace period would be taken in driblets, a grace period and a bag for each: dear for
   * readers, if the flavour interrupts them, and for who retires. So a thread that is kept busy with little pauses
   * before it takes more; one that was asleep, and one that somebody waits for, goes ahead at once.
   *
   *   field      | read                      | write                           | guard
   *   batch      | plain                     | plain                           | the reclaiming thread
   *   rested     | plain                     | plain                           | the reclaiming thread
   *   terminated | volatile                  | volatile by the reclaiming      | single writer
   */

  private static final int PLENTY = 16;
  private static final long GATHER_NANOS = 20_000;

  private final String policy;
  private final RetireQueue queue;
  private final GracePeriods periods;
  private final GracePeriodDriver driver;
  private final Progress progress;
  private final Telemetry telemetry;
  private final ActionRunner runner;
  private final Idling idling = new Idling();
  private final List<RetireBag> batch = new ArrayList<>();
  private boolean rested;
  private volatile boolean terminated;

  Reclaimer(
      String policy, RetireQueue queue, GracePeriods periods, GracePeriodDriver driver, Progress progress,
      Telemetry telemetry, ActionRunner runner) {
    this.policy = policy;
    this.queue = queue;
    this.periods = periods;
    this.driver = driver;
    this.progress = progress;
    this.telemetry = telemetry;
    this.runner = runner;
  }

  /** For any thread that has just retired, requested or closed something. */
  void wake() {
    idling.wake();
  }

  /** For any thread that waits for what it retired or requested. */
  void hurry() {
    idling.hurry();
  }

  boolean isTerminated() {
    return terminated;
  }

  /** For a closer, after the queue was closed: gives up what has not begun, and returns how many that are. */
  long giveUp() {
    runner.shut();
    wake();
    progress.announce();
    return queue.discard() - runner.begun();
  }

  @Override
  public void run() {
    try {
      while (!isFinished()) {
        if (hasWork()) {
          gather();
          cycle();
        } else {
          idling.sleepUnless(this::hasReasonToWake);
          rested = true;
        }
      }
    } finally {
      terminate();
    }
  }

  private void gather() {
    if (!rested && !queue.isClosed() && queue.openBags() < PLENTY) {
      idling.gather(GATHER_NANOS);
    }
    rested = false;
  }

  private boolean isFinished() {
    return runner.isShut() || (queue.isClosed() && !hasWork());
  }

  private boolean hasWork() {
    return !queue.isEmpty() || periods.isRequested() || periods.hasDueStages();
  }

  private boolean hasReasonToWake() {
    return hasWork() || isFinished();
  }

  private void cycle() {
    Thread.interrupted(); // left by an action; it would turn every pause into a spin
    queue.take(batch);
    if (!batch.isEmpty() || periods.isRequested()) {
      awaitGracePeriod();
    }
    periods.completeStages();
  }

  private void awaitGracePeriod() {
    long target = periods.request();
    driver.awaitEnd(target);
    if (periods.hasEnded(target)) {
      runBatch();
    }
  }

  private void runBatch() {
    if (!batch.isEmpty()) {
      Object event = telemetry.beginBatch();
      long before = runner.begun();
      batch.forEach(runner::runAll);
      batch.clear();
      progress.announce();
      telemetry.endBatch(event, policy, runner.begun() - before);
    }
  }

  private void terminate() {
    queue.close();
    giveUp();
    batch.forEach(runner::runAll); // only empties the bags: the gate is shut
    terminated = true;
    periods.completeStages();
    periods.abort(new IllegalStateException("the policy was closed before the grace period ended"));
    progress.announce();
  }
}
