package io.flatview.rcu.spi;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The slow path of retiring, for an action that does not fit into its thread's bag, and for memory: opens another bag,
 * and checks the limits.
 */
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
   * @param mayWait whether the calling thread could be throttled without waiting for itself; called only at the limit
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
    } catch (Throwable e) { // out of memory
      queue.release(room);
      throw e;
    }
  }

  /**
   * Room beyond the limit, as the policy of the limit says; 0 if the queue is closed, since a bag that entered it then
   * might be sealed before its owner removes the action.
   */
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
   * Counts a block of memory, and waits or throws as the limit for memory says. Counts nothing if the queue was closed
   * before there was room, or during a pause: the thread's bag may still be open, so the block must not go there.
   *
   * @param mayWait whether the calling thread may be throttled
   * @param hurry asks for the grace period that makes room
   * @return the number of bytes to release, or {@link MemoryLoad#REFUSED} if the queue was closed
   */
  long admit(ThreadReaders own, long bytes, BooleanSupplier mayWait, Runnable hurry) {
    long counted = memory.reserve(bytes);
    if (counted != MemoryLoad.REFUSED) {
      return pause(own, counted, mayWait, hurry);
    }
    return switch (memory.limit().policy()) {
      case REPORT -> memory.reserveBeyond(bytes);
      case REJECT -> throw memory.reject();
      case THROTTLE -> mayWait.getAsBoolean() ? awaitMemory(own, bytes, hurry) : memory.reserveBeyond(bytes);
    };
  }

  private long pause(ThreadReaders own, long counted, BooleanSupplier mayWait, Runnable hurry) {
    try {
      pauseInCrowd(own, mayWait, hurry);
    } catch (Throwable e) { // out of stack or memory
      memory.release(counted);
      throw e;
    }
    if (queue.isClosed()) {
      memory.release(counted);
      return MemoryLoad.REFUSED;
    }
    return counted;
  }

  /**
   * Waits for a short grace period if many blocks wait. Without that, a writer that is faster than grace periods would
   * have thousands of blocks wait, and gain nothing. If a reader stays inside, the pauses only slow the writer down; it
   * is stopped at the limit.
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

  /** Waits for room, and counts the block, unless the queue was closed before. */
  private long awaitMemory(ThreadReaders own, long bytes, Runnable hurry) {
    try (ThreadReaders.Wait _ = own.beginWait()) {
      long counted = MemoryLoad.REFUSED;
      while (counted == MemoryLoad.REFUSED && !queue.isClosed()) {
        hurry.run();
        progress.awaitThroughInterrupts(() -> memory.hasRoom() || queue.isClosed(), Long.MAX_VALUE);
        counted = memory.reserve(bytes);
      }
      return counted;
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
