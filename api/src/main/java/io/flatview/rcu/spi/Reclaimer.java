package io.flatview.rcu.spi;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.rcu.ReclaimAction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The reclaiming thread of one policy. */
final class Reclaimer implements Runnable {

  /*
   * A cycle: take what was retired, run one grace period, run what was taken. What is retired meanwhile waits for the
   * next cycle, so that one grace period serves everything queued before it began. The order take, begin is the point:
   * forbidden is to begin first, for then an action taken afterwards may belong to an object that a reader found after
   * the scan had passed it. The hand-over through the queue makes the unlinking happen before fence B of the grace
   * period.
   *
   *   field      | read                      | write                           | guard
   *   batch      | plain                     | plain                           | the reclaiming thread
   *   begun      | volatile                  | volatile RMW; shut by a closer  | -
   *   reclaimed  | acquire by any            | release by the reclaiming       | single writer
   *   failed     | acquire by any            | release by the reclaiming       | single writer
   *   terminated | volatile                  | volatile by the reclaiming      | single writer
   *
   * An action passes the gate begun before it runs. A closer whose time is up shuts that gate: what has passed runs or
   * has run, what has not never will, and the difference from the accepted ones is the answer of close, to the last
   * one.
   *
   * A barrier is a count. Say n actions are accepted when it is called. An action retired before has at most n - 1
   * others ahead of it in the queue, since whatever enters the queue later is behind it; so when n have run, it has
   * run.
   */

  private static final System.Logger LOG = System.getLogger(Reclaimer.class.getName());

  private final Flavour flavour;
  private final ReaderRegistry registry;
  private final RetireQueue queue;
  private final GracePeriods periods;
  private final Progress progress;
  private final Idling idling = new Idling();
  private final List<ReclaimAction> batch = new ArrayList<>();
  private final Gate begun = new Gate();
  private final AtomicLong reclaimed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean terminated;

  Reclaimer(Flavour flavour, ReaderRegistry registry, RetireQueue queue, GracePeriods periods, Progress progress) {
    this.flavour = flavour;
    this.registry = registry;
    this.queue = queue;
    this.periods = periods;
    this.progress = progress;
  }

  /** For any thread that has just retired, requested or closed something. */
  void wake() {
    idling.wake();
  }

  long reclaimed() {
    return reclaimed.getAcquire();
  }

  long failed() {
    return failed.getAcquire();
  }

  boolean isTerminated() {
    return terminated;
  }

  /** For a closer, after the queue was closed: gives up what has not begun, and returns how many that are. */
  long giveUp() {
    begun.shut();
    wake();
    return queue.accepted() - begun.count();
  }

  @Override
  public void run() {
    try {
      while (!isFinished()) {
        if (hasWork()) {
          cycle();
        } else {
          idling.sleepUnless(this::hasReasonToWake);
        }
      }
    } finally {
      terminate();
    }
  }

  private boolean isFinished() {
    return begun.isShut() || (queue.isClosed() && reclaimed() == queue.accepted() && !periods.isRequested());
  }

  private boolean hasWork() {
    return !queue.isEmpty() || periods.isRequested();
  }

  private boolean hasReasonToWake() {
    return hasWork() || isFinished();
  }

  private void cycle() {
    Thread.interrupted(); // left by an action; it would turn every pause into a spin
    queue.take(batch);
    registry.sweep();
    long number = periods.begin();
    if (awaitReaders(flavour.begin(registry.snapshot()))) {
      periods.end(number);
      runBatch();
    }
  }

  private boolean awaitReaders(Scan scan) {
    Backoff backoff = new Backoff();
    while (!scan.isOver()) {
      if (begun.isShut()) {
        return false;
      }
      backoff.pause(periods.isExpedited());
      if (backoff.isLong()) {
        registry.sweep();
      }
    }
    return true;
  }

  private void runBatch() {
    if (!batch.isEmpty()) {
      batch.forEach(this::runUnlessGivenUp);
      batch.clear();
      progress.announce();
    }
  }

  private void runUnlessGivenUp(ReclaimAction action) {
    if (begun.pass()) {
      run(action);
      reclaimed.setRelease(reclaimed.getPlain() + 1); // pairs with reclaimed(): who counts the action sees its effects
    }
  }

  private void run(ReclaimAction action) {
    try {
      action.reclaim();
    } catch (Throwable e) { // an Error of one action must not keep the others from running
      failed.setRelease(failed.getPlain() + 1);
      LOG.log(WARNING, "a reclaim action of policy " + flavour.name() + " failed; the others run", e);
    }
  }

  private void terminate() {
    queue.close();
    begun.shut();
    terminated = true;
    periods.abort(new IllegalStateException("the policy was closed before the grace period ended"));
    progress.announce();
  }
}
