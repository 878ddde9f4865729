package io.flatview.rcu.spi;

import static java.lang.System.Logger.Level.WARNING;

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
   * Dead threads are swept out by the reclaiming thread at every grace period, and by add() whenever the registry has
   * doubled since the last sweep: a program that starts threads and never retires anything must not collect their
   * readers.
   */

  private static final System.Logger LOG = System.getLogger(ReaderRegistry.class.getName());
  private static final int FIRST_SWEEP = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<SlotReader> readers = Collections.newSetFromMap(new IdentityHashMap<>());
  private List<SlotReader> snapshot = List.of();
  private int sweepSize = FIRST_SWEEP;

  void add(SlotReader reader) {
    if (addAndAskForSweep(reader)) {
      sweep();
      planNextSweep();
    }
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

  /** Takes out the readers of threads that have ended. Any thread may call it; each reader is released once. */
  void sweep() {
    for (SlotReader reader : snapshot()) {
      if (reader.registration().isOwnerDead() && remove(reader)) {
        release(reader);
      }
    }
  }

  private static void release(SlotReader reader) {
    boolean inside = reader.abandonDead();
    if (inside || !reader.registration().isImplicit()) {
      LOG.log(WARNING, "reader ''{0}'' was left behind {1} by a thread that has ended; it is released",
          reader.name(), inside ? "inside a section" : "unclosed");
    }
  }

  private boolean addAndAskForSweep(SlotReader reader) {
    lock.lock();
    try {
      snapshot = null;
      readers.add(reader);
      return readers.size() >= sweepSize;
    } finally {
      lock.unlock();
    }
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
