package io.flatview.dispatch.window;

import io.flatview.dispatch.unsigned.Unsigned;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Limits the bytes that an address space may have in bounce buffers at a time, and completes the stages of callers that
 * wait for room. Thread-safe. Stages are completed without the lock, since their dependents may run at once.
 */
public final class BounceSpace {

  private final long limit;
  private long used;

  /** The stages that wait for room; null before the first. */
  private Queue<CompletableFuture<Void>> waiting;

  /**
   * Makes bounce space, all of it free.
   *
   * @param limit the number of bytes, at least 1
   */
  public BounceSpace(long limit) {
    this.limit = limit;
  }

  /** Reserves as many of the wanted bytes as are left, and returns their number, unsigned. */
  synchronized long take(long wanted) {
    long granted = Unsigned.min(wanted, limit - used);
    used += granted;
    return granted;
  }

  /** Completes the stages that wait now; one that a dependent adds, since the room is taken again, waits on. */
  void giveBack(long bytes) {
    for (int left = free(bytes); left > 0; left--) {
      completeNext();
    }
  }

  private void completeNext() {
    CompletableFuture<Void> next = poll();
    if (next != null) {
      next.complete(null);
    }
  }

  /** Frees bytes, and returns the number of stages that wait. */
  private synchronized int free(long bytes) {
    used -= bytes;
    return waiting == null ? 0 : waiting.size();
  }

  private synchronized CompletableFuture<Void> poll() {
    return waiting.poll();
  }

  /** Completes when there may be room. */
  CompletionStage<Void> room() {
    CompletableFuture<Void> room = new CompletableFuture<>();
    if (!waits(room)) {
      room.complete(null);
    }
    return room.minimalCompletionStage();
  }

  /** Enters a stage to be completed later, unless there is room. */
  private synchronized boolean waits(CompletableFuture<Void> room) {
    boolean full = used == limit;
    if (full) {
      waiting = waiting == null ? new ArrayDeque<>() : waiting;
      waiting.add(room);
    }
    return full;
  }
}
