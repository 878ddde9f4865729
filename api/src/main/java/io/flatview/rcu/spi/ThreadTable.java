package io.flatview.rcu.spi;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/** Finds what a policy keeps for the calling thread: by the thread's number if possible, else in a thread-local. */
final class ThreadTable {

  /*
   * A ThreadLocal is a chain of dependent loads that is longer than a section. So most threads also have a place in a
   * small table, at the low bits of their thread number. The first thread keeps the place until it has ended; other
   * threads with the same low bits use the thread-local.
   *
   * A thread may outlive the policy by far, as those of a pool do, and it keeps the values of its thread-locals. So the
   * value is a weak reference, whose class is the JDK's. Forbidden: a pooled thread keeps the classes of a policy in
   * memory that was closed and dropped. The ThreadReaders stay reachable from the table, or from the thread's
   * registered readers. If they are collected, new ones are as good: the bag that was lost with them is in the queue
   * anyway.
   *
   *   field  | read           | write                                  | guard
   *   table  | plain by any   | plain by a thread that comes first     | none: see below
   *
   * A thread uses an entry only if the entry has its own number, and then it wrote the entry itself, so the read needs
   * no order. The number is final, so a thread that finds another thread's entry sees its number. If two threads claim
   * a place at the same time, one of them loses it, and takes the thread-local. The table is read by all and hardly
   * written; there is nothing that threads could fight over.
   */

  private static final int PLACES = 256;

  /** The tables of all policies, guarded by itself. */
  private static final Set<ThreadTable> ALL =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final ThreadReaders[] table = new ThreadReaders[PLACES];
  private final ThreadLocal<WeakReference<ThreadReaders>> all = new ThreadLocal<>();

  private ThreadTable() {}

  static ThreadTable create() {
    ThreadTable created = new ThreadTable();
    ALL.add(created);
    return created;
  }

  /**
   * The reason why the calling thread must not wait for readers, whichever policy was given it; null if it may. Looks
   * at all policies, so that opening a scope need not note it anywhere else: scopes are opened much more often.
   */
  static String noWaitHolder() {
    synchronized (ALL) {
      for (ThreadTable table : ALL) {
        ThreadReaders own = table.known();
        if (own != null && own.noWaitHolder() != null) {
          return own.noWaitHolder();
        }
      }
    }
    return null;
  }

  private ThreadReaders known() {
    long number = Thread.currentThread().threadId();
    ThreadReaders found = table[place(number)];
    return found != null && found.threadNumber == number ? found : knownOfAll();
  }

  private ThreadReaders knownOfAll() {
    WeakReference<ThreadReaders> kept = all.get();
    return kept == null ? null : kept.get();
  }

  /** The readers of the calling thread, made on first use. */
  ThreadReaders mine() {
    long number = Thread.currentThread().threadId();
    ThreadReaders found = table[place(number)];
    return found != null && found.threadNumber == number ? found : mineOfAll();
  }

  private ThreadReaders mineOfAll() {
    ThreadReaders own = knownOfAll();
    return own == null ? enter() : own;
  }

  private ThreadReaders enter() {
    ThreadReaders own = new ThreadReaders();
    all.set(new WeakReference<>(own));
    int place = place(own.threadNumber);
    ThreadReaders before = table[place];
    if (before == null || before.isOwnerDead()) {
      table[place] = own;
    }
    return own;
  }

  private static int place(long number) {
    return (int) number & PLACES - 1;
  }
}
