package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/** What was retired and has not been taken by the reclaiming thread: first in, first out, for each thread. */
final class RetireQueue {

  /*
   * Threads retire into bags of their own. A bag enters the queue with its first action in it, not when it is full: so
   * whatever was retired is within reach of the reclaiming thread at once, however little it is and whatever becomes of
   * its thread, and a bag that is open needs no wake-up for its second action. Whoever wants to know what was retired
   * so far seals the bags that are in the queue; their owners notice at their next action, and open others.
   *
   *   field      | read                     | write                          | guard
   *   open       | by the holder of lock    | by any thread; JCTools         | lock for its consumer's side
   *   sealed     | plain                    | plain                          | lock
   *   accepted   | plain                    | plain                          | lock
   *   bags       | plain                    | plain                          | lock
   *   maxBacklog | plain                    | plain                          | lock
   *   reserved   | volatile                 | volatile RMW                   | -
   *   closed     | volatile                 | volatile by any                | never reset
   *
   * Closing. A thread puts its bag in and then looks at closed; who closes sets closed and then discards. Forbidden:
   * the latter misses the bag and the thread misses closed, so that an action is accepted and never counted. All four
   * accesses are volatile (the bag enters by a CAS of the producer index, who discards reads that index). A thread
   * that sees closed takes its action back, and has been refused; if its bag was sealed before, the action was counted,
   * and is accepted.
   *
   * reserved counts the capacity of open bags in full, and so is never less than what was accepted: what asks for room
   * under a limit needs one RMW for each bag, not for each action. Sealing returns what a bag did not use.
   */

  private static final int CHUNK = 1024;
  private static final int BATCH = 1 << 16;

  private final MpscUnboundedVarHandleArrayQueue<RetireBag> open = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<RetireBag> sealed = new ArrayDeque<>();
  private final AtomicLong reserved = new AtomicLong();
  private final LongSupplier reclaimed;
  private long accepted;
  private long bags;
  private long maxBacklog;
  private volatile boolean closed;

  /** An empty queue that can tell its backlog from the number of those that have run. */
  RetireQueue(LongSupplier reclaimed) {
    this.reclaimed = reclaimed;
  }

  /** Room for some actions, at most as many as asked for; 0 if the limit has been reached. */
  int reserve(int wanted, long limit) {
    while (true) {
      long seen = reserved.get();
      int granted = (int) Math.clamp(limit - (seen - reclaimed.getAsLong()), 0L, wanted);
      if (granted == 0 || reserved.compareAndSet(seen, seen + granted)) {
        return granted;
      }
    }
  }

  /**
   * Opens a bag for the calling thread in room that it reserved. Null if the queue is closed; then the action was not
   * accepted. What the thread unlinked before happens before the bag is {@linkplain #take taken}.
   */
  RetireBag open(int capacity, ReclaimAction first) {
    RetireBag bag = new RetireBag(capacity, first);
    open.offer(bag);
    return closed && bag.takeBack() ? null : bag;
  }

  /** Seals what is in the queue; returns how many actions were accepted up to this moment, if not more. */
  long seal() {
    lock.lock();
    try {
      sealOpen(open.size());
      return accepted;
    } finally {
      lock.unlock();
    }
  }

  private void sealOpen(int atMost) {
    for (int i = 0; i < atMost; i++) {
      RetireBag bag = open.poll();
      int count = bag.seal();
      reserved.getAndAdd(count - bag.capacity());
      if (count > 0) {
        sealed.add(bag);
        accepted += count;
        bags++;
      }
    }
    maxBacklog = Math.max(maxBacklog, accepted - reclaimed.getAsLong());
  }

  /** For the reclaiming thread: whether {@link #take} would find nothing. */
  boolean isEmpty() {
    lock.lock();
    try {
      return open.isEmpty() && sealed.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** How many bags have not been sealed yet; a good guess. */
  int openBags() {
    return open.size();
  }

  /** For the reclaiming thread: moves what is there into a list, up to a limit that bounds a flood. */
  void take(List<RetireBag> batch) {
    lock.lock();
    try {
      sealOpen(open.size());
      int taken = 0;
      while (taken < BATCH && !sealed.isEmpty()) {
        RetireBag bag = sealed.remove();
        taken += bag.count();
        batch.add(bag);
      }
    } finally {
      lock.unlock();
    }
  }

  /** From here on no bag is opened; those that are open fill up until they are sealed. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * After {@link #close()}: takes out what nobody will take any more, and returns the final number of accepted actions.
   * Threads keep their last bags, so the bags are emptied.
   */
  long discard() {
    lock.lock();
    try {
      while (!open.isEmpty()) {
        sealOpen(1);
      }
      sealed.forEach(bag -> bag.clear(bag.count()));
      sealed.clear();
      return accepted;
    } finally {
      lock.unlock();
    }
  }

  /** How many bags were filled, or sealed with something in them. */
  long bags() {
    lock.lock();
    try {
      return bags;
    } finally {
      lock.unlock();
    }
  }

  /** The largest backlog found when bags were sealed. */
  long maxBacklog() {
    lock.lock();
    try {
      return maxBacklog;
    } finally {
      lock.unlock();
    }
  }
}
