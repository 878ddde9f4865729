package io.flatview.rcu.spi;

import io.flatview.rcu.Milestone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** The completion stages that wait for grace periods. */
final class Stages {

  /*
   * All fields are guarded by the lock; earliest is written under it and read, volatile, without it: to ask
   * whether stages are due takes no lock. A thread that adds a stage wakes the reclaiming thread afterwards, which then
   * reads earliest, so that a stage added just as its grace period ends is not forgotten.
   *
   * The list is linked through its elements, so that taking from it cannot run out of memory half-way.
   */

  private static final class Waiting {

    private final long target;
    private final Milestone end = new Milestone();
    private Waiting next;

    Waiting(long target, Waiting next) {
      this.target = target;
      this.next = next;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private Waiting waiting;
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
    Waiting added = new Waiting(target, waiting);
    CompletionStage<Void> stage = added.end.stage();
    waiting = added;
    earliest = Math.min(earliest, target);
    return stage;
  }

  /** Whether {@link #complete} would find anything. */
  boolean isDue(long ended) {
    return earliest <= ended;
  }

  /** Completes, outside the lock, the stages of all grace periods up to one; their dependents run elsewhere. */
  void complete(long ended) {
    for (Waiting due = take(ended); due != null; due = due.next) {
      due.end.reach();
    }
  }

  /** Fails the stages that wait, and all that are added later; of several reasons, later stages get the first. */
  void abort(IllegalStateException reason) {
    for (Waiting left = takeAll(reason); left != null; left = left.next) {
      left.end.fail(reason);
    }
  }

  private Waiting take(long ended) {
    lock.lock();
    try {
      reached = Math.max(reached, ended);
      return isDue(reached) ? split() : null;
    } finally {
      lock.unlock();
    }
  }

  /** Removes the stages that are due from the list, and returns them. */
  private Waiting split() {
    Waiting due = null;
    Waiting rest = waiting;
    waiting = null;
    long first = Long.MAX_VALUE;
    while (rest != null) {
      Waiting one = rest;
      rest = one.next;
      if (one.target <= reached) {
        one.next = due;
        due = one;
      } else {
        one.next = waiting;
        waiting = one;
        first = Math.min(first, one.target);
      }
    }
    earliest = first;
    return due;
  }

  private Waiting takeAll(IllegalStateException reason) {
    lock.lock();
    try {
      end = end == null ? reason : end;
      Waiting rest = waiting;
      waiting = null;
      earliest = Long.MAX_VALUE;
      return rest;
    } finally {
      lock.unlock();
    }
  }
}
