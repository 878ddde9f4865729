package io.flatview.rcu.spi;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Retiring what finds no room in the bag of its thread, or is memory: opens another bag, and minds the limits. */
final class Retirement {

  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private final BacklogPolicy policy;
  private final Backlog backlog;
  private final MemoryLoad memory;
  private final RetireQueue queue;
  private final Progress progress;

  Retirement(ReclaimOptions options, Backlog backlog, MemoryLoad memory, RetireQueue queue, Progress progress) {
    this.policy = options.backlogPolicy();
    this.backlog = backlog;
    this.memory = memory;
    this.queue = queue;
    this.progress = progress;
  }

  /**
   * Opens a bag for the calling thread with its first action in it, unless the queue is closed.
   *
   * @param mayWait whether the calling thread could be throttled without waiting for itself; asked only if need be
   */
  boolean open(ThreadReaders own, ReclaimAction action, BooleanSupplier mayWait) {
    int wanted = own.bag().nextCapacity();
    int found = backlog.reserve(wanted);
    int room = found > 0 ? found : roomAtLimit(own, wanted, mayWait);
    RetireBag bag = room > 0 ? open(room, action) : null;
    if (bag == null) {
      return false;
    }
    own.setBag(bag);
    return true;
  }

  private RetireBag open(int room, ReclaimAction action) {
    try {
      return queue.open(room, action);
    } catch (Throwable e) { // for want of memory; the room is for others then
      queue.release(room);
      throw e;
    }
  }

  /** 0 if the queue is closed: a bag that were offered then might be sealed before it could be taken back. */
  private int roomAtLimit(ThreadReaders own, int wanted, BooleanSupplier mayWait) {
    if (queue.isClosed()) {
      return 0;
    }
    return switch (policy) {
      case REPORT -> backlog.reserveBeyond(wanted);
      case REJECT -> throw backlog.reject();
      case THROTTLE -> mayWait.getAsBoolean() ? awaitRoom(own, wanted) : backlog.reserveBeyond(wanted);
    };
  }

  /**
   * Takes a block of memory in, as the limit for it says.
   *
   * @param mayWait whether the calling thread may be throttled
   * @param hurry asks for the grace period that makes room
   */
  void admit(ThreadReaders own, long bytes, BooleanSupplier mayWait, Runnable hurry) {
    if (memory.reserve(bytes)) {
      pause(own, bytes, mayWait, hurry);
      return;
    }
    switch (memory.limit().policy()) {
      case REPORT -> memory.reserveBeyond(bytes);
      case REJECT -> throw memory.reject();
      case THROTTLE -> {
        if (!mayWait.getAsBoolean() || !awaitMemory(own, bytes, hurry)) {
          memory.reserveBeyond(bytes);
        }
      }
    }
  }

  private void pause(ThreadReaders own, long bytes, BooleanSupplier mayWait, Runnable hurry) {
    try {
      pauseInCrowd(own, mayWait, hurry);
    } catch (Throwable e) { // for want of stack or memory
      memory.release(bytes);
      throw e;
    }
  }

  /**
   * A writer that is faster than grace periods would have thousands of blocks wait, and win nothing by it. A reader
   * that stays inside slows the writer down, and stops it at the limit only.
   */
  private void pauseInCrowd(ThreadReaders own, BooleanSupplier mayWait, Runnable hurry) {
    if (memory.isCrowd() && mayWait.getAsBoolean()) {
      try (ThreadReaders.Wait _ = own.beginWait()) {
        hurry.run();
        if (!progress.awaitThroughInterrupts(() -> !memory.isCrowd() || queue.isClosed(), LONGEST_PAUSE)) {
          memory.growCrowd();
        }
      }
    }
  }

  /** Whether there was room before the queue was closed. */
  private boolean awaitMemory(ThreadReaders own, long bytes, Runnable hurry) {
    try (ThreadReaders.Wait _ = own.beginWait()) {
      boolean taken = false;
      while (!taken && !queue.isClosed()) {
        hurry.run();
        progress.awaitThroughInterrupts(() -> memory.hasRoom() || queue.isClosed(), Long.MAX_VALUE);
        taken = memory.reserve(bytes);
      }
      return taken;
    }
  }

  private int awaitRoom(ThreadReaders own, int wanted) {
    try (ThreadReaders.Wait _ = own.beginWait()) {
      int room = 0;
      while (room == 0 && !queue.isClosed()) {
        progress.awaitThroughInterrupts(() -> backlog.isBelowLimit() || queue.isClosed(), Long.MAX_VALUE);
        room = backlog.reserve(wanted);
      }
      return room;
    }
  }
}
