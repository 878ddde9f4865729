package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.ArrayList;
import java.util.List;
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
   *   first     | plain       | lock; the list goes on through the registrations
   *   size      | plain       | lock
   *   snapshot  | plain       | lock; the list itself is immutable; null when out of date
   *   sweepSize | plain       | lock
   *
   * The readers of dead threads are set aside by the thread that runs a grace period, and by a thread that makes a
   * reader whenever the registry has doubled since the last sweep: otherwise the readers would pile up in a program
   * that starts threads and never retires anything. A reader that is set aside is not in the registry; a thread that
   * takes it over adds it again.
   */

  private static final int FIRST_SWEEP = 64;

  private final ThreadTable threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final DroppedHandles dropped = new DroppedHandles();
  private Registration first;
  private int size;
  private List<SlotReader> snapshot = List.of();
  private int sweepSize = FIRST_SWEEP;

  /** An empty registry for the readers of these threads. */
  ReaderRegistry(ThreadTable threads) {
    this.threads = threads;
  }

  ThreadTable threads() {
    return threads;
  }

  /** Adds a reader that is not registered; returns whether it is time to {@link #sweep}. */
  boolean add(SlotReader reader) {
    Registration place = reader.registration();
    lock.lock();
    try {
      snapshot = null;
      place.reader = reader;
      place.next = first;
      if (first != null) {
        first.previous = place;
      }
      first = place;
      return ++size >= sweepSize;
    } finally {
      lock.unlock();
    }
  }

  /** Checked mode: makes a handle for a registered reader, so that the registry notices if the program drops it. */
  ReaderHandle track(SlotReader reader) {
    return dropped.track(reader);
  }

  /** Removes a reader, if it is registered. */
  void remove(SlotReader reader) {
    lock.lock();
    try {
      Registration place = reader.registration();
      if (place.reader != null) {
        snapshot = null;
        unlink(place);
      }
    } finally {
      lock.unlock();
    }
  }

  private void unlink(Registration place) {
    if (place == first) {
      first = place.next;
    } else {
      place.previous.next = place.next;
    }
    if (place.next != null) {
      place.next.previous = place.previous;
    }
    place.reader = null;
    place.previous = null;
    place.next = null;
    size--;
  }

  List<SlotReader> snapshot() {
    lock.lock();
    try {
      if (snapshot == null) {
        snapshot = List.of(all());
      }
      return snapshot;
    } finally {
      lock.unlock();
    }
  }

  private SlotReader[] all() {
    SlotReader[] all = new SlotReader[size];
    int i = 0;
    for (Registration place = first; place != null; place = place.next) {
      all[i++] = place.reader;
    }
    return all;
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets aside the readers of threads that have ended, removes readers that were dropped, and completes exits that a
   * stack overflow broke off. Any thread may call it. Returns the reports to make.
   */
  List<LeftBehind> sweep() {
    List<LeftBehind> left = new ArrayList<>();
    for (SlotReader reader : snapshot()) {
      reader.makeUp();
      if (reader.home().isOwnerDead() && reader.setAside()) {
        left.add(new LeftBehind(reader, StallReport.Cause.ABANDONED));
      }
    }
    for (SlotReader reader : dropped.poll()) {
      if (reader.drop()) {
        left.add(new LeftBehind(reader, StallReport.Cause.LEAKED));
      }
    }
    planNextSweep();
    return left;
  }

  private void planNextSweep() {
    lock.lock();
    try {
      sweepSize = Math.max(FIRST_SWEEP, 2 * size);
    } finally {
      lock.unlock();
    }
  }
}
