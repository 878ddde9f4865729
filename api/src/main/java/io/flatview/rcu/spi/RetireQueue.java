package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/** The retired actions that the reclaiming thread has not taken: first in, first out, for each thread. */
final class RetireQueue {

  /*
   * Threads retire into bags of their own. A bag enters the queue with its first action in it, not when it is full: so
   * the reclaiming thread finds every retired action at once, even if its thread retires no other or ends; and the
   * second action in a bag needs no wake-up. To count the actions retired so far, a thread seals the bags in the queue;
   * their owners notice at their next action, and open others.
   *
   *   field      | read                     | write                          | guard
   *   open       | by the holder of lock    | by any thread; JCTools         | lock for its consumer's side
   *   first, last| plain                    | plain                          | lock
   *   finished   | plain                    | plain                          | lock; never reset
   *   accepted   | plain                    | plain                          | lock
   *   bags       | plain                    | plain                          | lock
   *   maxBacklog | plain                    | plain                          | lock
   *   reserved   | volatile                 | volatile RMW                   | -
   *   closed     | volatile                 | volatile by any                | never reset
   *
   * Closing. A thread puts its bag in and then looks at closed (fence O); the closer sets closed, and the queue is
   * finished, under the lock, when it is found empty after that. Forbidden: the thread does not see closed and the
   * closer does not see the bag, so that an action is accepted and never runs. The bag enters by a CAS of the producer
   * index, of which the closer makes a volatile read; closed is volatile, too. The CAS alone is not enough: where it is
   * compiled to a pair of load-reserved and store-conditional, as on RISC-V, a later load may pass it.
   *
   * So the owner of a bag that enters after the queue was finished sees closed and has one action in it, and that is
   * refused: by the owner, which takes it back, or by the next thread that seals what is in the queue, whichever comes
   * first. Forbidden: the sealing thread counts the refused action. No thread would run it, as the reclaiming thread
   * has found the queue finished and is gone. A bag that enters before that is sealed and counted, or taken back, and
   * what was counted runs.
   *
   * reserved counts the whole capacity of open bags, and so is never less than the number of accepted actions. So the
   * check of the limit costs one RMW for each bag, not for each action. Sealing returns the capacity that a bag did not
   * use.
   *
   * The JVM links a VarHandle access at its first execution, for which it allocates. Forbidden: memory is exhausted
   * when the first bag is moved, and the access fails between two stores, so that the bag is lost, or the reclaiming
   * thread waits for ever for a bag whose place was taken. So each constructor moves some bags through another queue.
   */

  private static final int CHUNK = 1024;
  private static final int SMALLEST_CHUNK = 2;
  private static final int BATCH = 1 << 16;

  private final MpscUnboundedVarHandleArrayQueue<RetireBag> open = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong reserved = new AtomicLong();
  private final LongSupplier reclaimed;
  private RetireBag first;
  private RetireBag last;
  private boolean finished;
  private long accepted;
  private long bags;
  private long maxBacklog;
  private volatile boolean closed;

  /** Makes an empty queue; {@code reclaimed} gives the number of actions that have run. */
  RetireQueue(LongSupplier reclaimed) {
    this.reclaimed = reclaimed;
    practise(new MpscUnboundedVarHandleArrayQueue<>(SMALLEST_CHUNK));
  }

  /** Executes every access to the words of a queue and of a bag, also those of the step to the next chunk. */
  private static void practise(MpscUnboundedVarHandleArrayQueue<RetireBag> queue) {
    for (int i = 0; i <= SMALLEST_CHUNK; i++) {
      RetireBag bag = new RetireBag(2, null);
      bag.add(null);
      queue.offer(bag);
    }
    while (queue.size() > 0 && !queue.isEmpty()) {
      RetireBag bag = queue.poll();
      bag.takeBack();
      bag.seal();
    }
  }

  /**
   * Reserves room for some actions, and returns for how many: at most the number wanted; 0 if the limit has been
   * reached.
   */
  int reserve(int wanted, long limit) {
    while (true) {
      long seen = reserved.get();
      long waiting = Math.max(0, seen - reclaimed.getAsLong()); // more may have run since the first look
      int granted = (int) Math.clamp(limit - waiting, 0L, wanted);
      if (granted == 0 || reserved.compareAndSet(seen, seen + granted)) {
        return granted;
      }
    }
  }

  /**
   * Opens a bag for the calling thread in room that it reserved. Returns null if the queue is closed; then the action
   * was not accepted. The thread's earlier writes happen before the bag is {@linkplain #take taken}.
   */
  RetireBag open(int capacity, ReclaimAction action) {
    RetireBag bag = enter(capacity, action);
    return isAccepted(bag) ? bag : null;
  }

  /** The first half of opening a bag. */
  RetireBag enter(int capacity, ReclaimAction action) {
    RetireBag bag = new RetireBag(capacity, action);
    open.offer(bag);
    return bag;
  }

  /** The second half: whether the bag entered before the queue was finished. */
  boolean isAccepted(RetireBag entered) {
    VarHandle.fullFence(); // O, pairs with the volatile store of closed and the look at the producer index behind it
    return !closed || !entered.takeBack();
  }

  /** Releases reserved room that no bag uses. */
  void release(int room) {
    reserved.getAndAdd(-room);
  }

  /** Seals the bags in the queue; returns the number of actions accepted so far, or a little more. */
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
      int count = finished && bag.refuse() ? 0 : bag.seal();
      reserved.getAndAdd(count - bag.capacity());
      if (count > 0) {
        bag.before = accepted;
        append(bag);
        accepted += count;
        bags++;
      }
    }
    maxBacklog = Math.max(maxBacklog, accepted - reclaimed.getAsLong());
  }

  private void append(RetireBag bag) {
    if (first == null) {
      first = bag;
    } else {
      last.next = bag;
    }
    last = bag;
  }

  /** Called by the reclaiming thread: whether {@link #take} would find nothing. */
  boolean isEmpty() {
    lock.lock();
    try {
      return isDrained();
    } finally {
      lock.unlock();
    }
  }

  private boolean isDrained() {
    return open.isEmpty() && first == null;
  }

  /** The number of bags that have not been sealed yet, approximately. */
  int openBags() {
    return open.size();
  }

  /**
   * Called by the reclaiming thread: removes the bags that are there, up to a limit, and returns the first of them,
   * which links to the others; null if there are none.
   */
  RetireBag take() {
    lock.lock();
    try {
      sealOpen(open.size());
      return first == null ? null : cut();
    } finally {
      lock.unlock();
    }
  }

  private RetireBag cut() {
    RetireBag head = first;
    RetireBag end = head;
    for (int taken = end.count(); taken < BATCH && end.next != null; taken += end.count()) {
      end = end.next;
    }
    first = end.next;
    end.next = null;
    return head;
  }

  /** Closes the queue: no bag is opened any more. Open bags may be filled until they are sealed. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** Called by the reclaiming thread: whether the queue is closed and empty, and so stays empty. */
  boolean finish() {
    lock.lock();
    try {
      finished |= closed && isDrained();
      return finished;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Called after {@link #close()}: removes the bags that are left, and returns them as {@link #take} does. From here on
   * the number of accepted actions is final.
   */
  RetireBag discard() {
    lock.lock();
    try {
      while (!open.isEmpty()) {
        sealOpen(1);
      }
      finished = true;
      RetireBag left = first;
      first = null;
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** The number of bags that were filled, or sealed with an action in them. */
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
