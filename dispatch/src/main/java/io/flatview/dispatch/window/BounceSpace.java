package io.flatview.dispatch.window;

import io.flatview.dispatch.unsigned.Unsigned;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the bytes that an address space may have in bounce buffers at a time, and completes the stages of callers that
 * wait for room. Thread-safe.
 *
 * <p><b>No wake-up is lost.</b> A waiter enters the queue, then reads the count. A thread that frees room changes the
 * count, then reads the queue. All four are volatile accesses and so have one order: either the waiter sees the room,
 * or the other thread sees the waiter. Looking for room before entering the queue would break this.
 */
public final class BounceSpace {

  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final Queue<CompletableFuture<Void>> waiting = new ConcurrentLinkedQueue<>();

  /**
   * Makes bounce space, all of it free.
   *
   * @param limit the number of bytes, at least 1
   */
  public BounceSpace(long limit) {
    this.limit = limit;
  }

  /** Reserves as many of the wanted bytes as are left, and returns their number, unsigned. */
  long take(long wanted) {
    long before;
    long granted;
    do {
      before = used.get();
      long left = limit - before;
      granted = Unsigned.min(wanted, left);
    } while (granted != 0 && !used.compareAndSet(before, before + granted));
    return granted;
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
    wakeAll();
  }

  /** Completes when there may be room. */
  CompletionStage<Void> room() {
    CompletableFuture<Void> room = new CompletableFuture<>();
    waiting.add(room);
    if (used.get() < limit) {
      wakeAll();
    }
    return room.minimalCompletionStage();
  }

  private void wakeAll() {
    for (CompletableFuture<Void> next = waiting.poll(); next != null; next = waiting.poll()) {
      next.complete(null);
    }
  }
}
