package io.flatview.rcu.spi;

/** Finds what a policy keeps for the calling thread: by the thread's number if possible, else in a thread-local. */
final class ThreadTable {

  /*
   * A ThreadLocal is a chain of dependent loads that is longer than a section. So most threads have a place in a small
   * table, too, under the low bits of their number, which no other thread ever has. Who comes first keeps the place
   * until its thread has ended; whoever else belongs there goes through the thread-local, as everybody could.
   *
   *   field  | read           | write                                  | guard
   *   table  | plain by any   | plain by a thread that comes first     | none: see below
   *
   * A thread uses an entry only if that bears its own number, and then it wrote the entry itself, so the read needs no
   * order. The number is final: whoever meets another's entry, however fresh, sees the number right. If two threads
   * claim a place at the same time, one of them loses it, and takes the thread-local. The table is read by all and
   * hardly written; there is nothing that threads could fight over.
   */

  private static final int PLACES = 256;

  private final ThreadReaders[] table = new ThreadReaders[PLACES];
  private final ThreadLocal<ThreadReaders> all = ThreadLocal.withInitial(this::enter);

  /** What belongs to the calling thread, made on first use. */
  ThreadReaders mine() {
    long number = Thread.currentThread().threadId();
    ThreadReaders found = table[place(number)];
    return found != null && found.threadNumber == number ? found : all.get();
  }

  private ThreadReaders enter() {
    ThreadReaders own = new ThreadReaders();
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
