package io.flatview.rcu.spi;

import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** The grace periods of one policy, numbered from 1, and the requests for them. */
final class GracePeriods {

  /*
   * Grace period n begins when started becomes n and has ended when completed is n or more; one thread at a time runs
   * them, the one whose turn it is (GracePeriodDriver). A thread that needs one reads started, say k, and is served by
   * number k + 1: number k may have begun too early for it. So callers share: all that ask while k is under way are
   * served by the next one. A token is the number k + 1, and polling it is one acquire load.
   *
   *   field     | read                        | write                          | guard
   *   started   | volatile                    | volatile by the driver         | the driver's turn
   *   completed | acquire                     | release by the driver          | the driver's turn
   *   requested | acquire by the reclaiming   | volatile RMW (maximum) by any  | -
   *   expedited | acquire by the driver       | volatile RMW (maximum) by any  | -
   *
   * A grace period that was begun and broken off never completes by itself: a later one covers it.
   *
   * Fence R (request) pairs with fence B (begin). Forbidden: the caller's unlinking store comes after fence B in the
   * eyes of a reader, yet the caller read k from started before k + 1 was stored, so that it takes k + 1 for its own.
   * With both fences: the load of started missed the store of k + 1, so R precedes B in the order of full fences, and
   * every reader whose entry fence follows B, which is to say every reader that the scan does not wait for, sees the
   * unlinking.
   *
   * completed is a release store after the last acquire load of the scan; poll() and await() acquire it. Forbidden: a
   * caller frees or recycles an object while it is still being read by a section that it takes for ended.
   */

  private final Stages stages = new Stages();
  private final AtomicLong started = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicLong expedited = new AtomicLong();

  /** Asks for a grace period that covers all that the caller unlinked; returns its number. */
  long request() {
    VarHandle.fullFence(); // R, pairs with B
    long target = started.get() + 1;
    raise(requested, target);
    return target;
  }

  /** Expedites a grace period. */
  void expedite(long target) {
    raise(expedited, target);
  }

  boolean hasEnded(long target) {
    return completed.getAcquire() >= target;
  }

  long ended() {
    return completed.getAcquire();
  }

  CompletionStage<Void> stage(long target) {
    return hasEnded(target) ? CompletableFuture.completedStage(null) : stages.add(target);
  }

  /** Called by the reclaiming thread: whether a grace period was requested that has not ended. */
  boolean isRequested() {
    return !hasEnded(requested.getAcquire());
  }

  /** The highest number that was requested. */
  long requested() {
    return requested.getAcquire();
  }

  /** Called by the driver: whether the grace period under way is expedited. */
  boolean isExpedited() {
    return !hasEnded(expedited.getAcquire());
  }

  /** Called by the driver: begins the next grace period and returns its number. */
  long begin() {
    long number = started.incrementAndGet();
    VarHandle.fullFence(); // B, pairs with R and with the entry fence of every flavour's readers
    return number;
  }

  /** Called by the driver: ends the grace period under way. */
  void end(long number) {
    completed.setRelease(number); // pairs with hasEnded
  }

  /** Whether stages wait to be completed by the reclaiming thread. */
  boolean hasDueStages() {
    return stages.isDue(ended());
  }

  /** Completes the stages of all grace periods that have ended. */
  void completeStages() {
    stages.complete(ended());
  }

  /** Called when the policy gives up: fails the stages that remain, as no grace period will follow. */
  void abort(IllegalStateException reason) {
    stages.abort(reason);
  }

  private static void raise(AtomicLong value, long target) {
    value.accumulateAndGet(target, Math::max);
  }
}
