package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The readers of one policy. */
final class ReaderRegistry {

  /*
   * A lock, and a list that is copied again only after a change, so that a steady set of readers costs a grace period
   * no copy. The lock also settles what a late reader sees: either its add() comes before the snapshot(), and the scan
   * meets it; or the snapshot() comes first, and then everything unlinked before the grace period happens before the
   * reader's first section.
   *
   *   field     | read, write | guard
   *   readers   | plain       | lock
   *   snapshot  | plain       | lock; the list itself is immutable; null when out of date
   *   sweepSize | plain       | lock
   *
   * The readers of dead threads are set aside by the thread that runs a grace period, and by add() whenever the
   * registry has doubled since the last sweep: a program that starts threads and never retires anything must not
   * collect their readers. A reader that is set aside is not in the registry; a thread that takes it over adds it
   * again.
   */

  private static final int FIRST_SWEEP = 64;

  private final ThreadTable threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final DroppedHandles dropped = new DroppedHandles();
  private final Set<SlotReader> readers = Collections.newSetFromMap(new IdentityHashMap<>());
  private List<SlotReader> snapshot = List.of();
  private int sweepSize = FIRST_SWEEP;

  /** An empty registry for the readers of these threads. */
  ReaderRegistry(ThreadTable threads) {
    this.threads = threads;
  }

  ThreadTable threads() {
    return threads;
  }

  /** Adds a reader; returns whether it is time to {@link #sweep}. */
  boolean add(SlotReader reader) {
    lock.lock();
    try {
      snapshot = null;
      readers.add(reader);
      return readers.size() >= sweepSize;
    } finally {
      lock.unlock();
    }
  }

  /** Checked mode: a handle on a reader that was added, by which it is noticed when its user drops it. */
  ReaderHandle track(SlotReader reader) {
    return dropped.track(reader);
  }

  boolean remove(SlotReader reader) {
    lock.lock();
    try {
      snapshot = null;
      return readers.remove(reader);
    } finally {
      lock.unlock();
    }
  }

  List<SlotReader> snapshot() {
    lock.lock();
    try {
      if (snapshot == null) {
        snapshot = List.copyOf(readers);
      }
      return snapshot;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return readers.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets aside the readers of threads that have ended, takes out those that were dropped, and completes what threads
   * without stack left undone. Any thread may call it. Returns what somebody should hear of.
   */
  List<LeftBehind> sweep() {
    List<LeftBehind> left = new ArrayList<>();
    for (SlotReader reader : snapshot()) {
      reader.makeUp();
      if (reader.home().isOwnerDead() && reader.setAside()) {
        left.add(new LeftBehind(reader, StallReport.Cause.ABANDONED));
      }
    }
    dropped.poll().stream().filter(SlotReader::drop).map(r -> new LeftBehind(r, StallReport.Cause.LEAKED))
        .forEach(left::add);
    planNextSweep();
    return left;
  }

  private void planNextSweep() {
    lock.lock();
    try {
      sweepSize = Math.max(FIRST_SWEEP, 2 * readers.size());
    } finally {
      lock.unlock();
    }
  }
}
