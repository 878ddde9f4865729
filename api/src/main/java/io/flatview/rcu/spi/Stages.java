package io.flatview.rcu.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** The completion stages that wait for grace periods. */
final class Stages {

  /*
   * All fields are guarded by the lock; earliest is written under it and read, volatile, without it: a grace period
   * that nobody's stage waits for takes no lock here. Who adds a stage wakes the reclaiming thread afterwards, which
   * then looks at earliest, so that a stage added just as its grace period ends is not forgotten.
   */

  private record Waiting(long target, CompletableFuture<Void> stage) {}

  private final ReentrantLock lock = new ReentrantLock();
  private List<Waiting> waiting = new ArrayList<>();
  private long reached;
  private volatile long earliest = Long.MAX_VALUE;
  private IllegalStateException end;

  /** A stage that completes when grace period {@code target} ends, or at once if it has ended. */
  CompletionStage<Void> add(long target) {
    lock.lock();
    try {
      if (target <= reached) {
        return CompletableFuture.completedStage(null);
      }
      return end == null ? addWaiting(target) : CompletableFuture.failedStage(end);
    } finally {
      lock.unlock();
    }
  }

  private CompletionStage<Void> addWaiting(long target) {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    waiting.add(new Waiting(target, stage));
    earliest = Math.min(earliest, target);
    return stage.minimalCompletionStage();
  }

  /** Whether {@link #complete} would find anything. */
  boolean isDue(long ended) {
    return earliest <= ended;
  }

  /** Completes, in the calling thread and outside the lock, the stages of all grace periods up to one. */
  void complete(long ended) {
    take(ended).forEach(w -> w.stage.complete(null));
  }

  /** Fails the stages that will never complete, and those to come. */
  void abort(IllegalStateException reason) {
    takeAll(reason).forEach(w -> w.stage.completeExceptionally(reason));
  }

  private List<Waiting> take(long ended) {
    lock.lock();
    try {
      reached = ended;
      if (waiting.isEmpty()) {
        return List.of();
      }
      List<Waiting> due = waiting.stream().filter(w -> w.target <= ended).toList();
      waiting.removeIf(w -> w.target <= ended);
      earliest = waiting.stream().mapToLong(Waiting::target).min().orElse(Long.MAX_VALUE);
      return due;
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting> takeAll(IllegalStateException reason) {
    lock.lock();
    try {
      end = reason;
      List<Waiting> rest = waiting;
      waiting = new ArrayList<>();
      earliest = Long.MAX_VALUE;
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
