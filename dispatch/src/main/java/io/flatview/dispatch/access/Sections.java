package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.MapReader;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

/**
 * The read-side sections of a reader: the thread that is inside, and how deep they nest. This object is also the {@link
 * ReadSection} that users close.
 *
 * <p>Entering the outermost section enters the reclamation policy's section first and then follows the pointer to the
 * generation. Between the two ends of the section the policy keeps alive all that the generation reaches. The only
 * shared word that a reader reads is the generation pointer, by the acquire load in {@link RcuReference#dereference},
 * which pairs with the committer's release store.
 *
 * <h2>One thread</h2>
 *
 * <p>A reader is used by one thread at a time, and memory is touched by address. So each access checks whether the
 * calling thread is in the section: {@link #inside} holds the number of the thread that is. A thread reads its own
 * number there only if it wrote it last itself, since no other thread writes that number, and numbers of threads are
 * not used again: no fence is needed. A second thread that uses the reader meanwhile is treated as outside any section,
 * finds the reader taken, and is refused.
 *
 * <p>If two threads find the reader free at the same time, both call the policy's {@link Reader#enter}, which refuses
 * one of them. So everything here but a first read of {@code inside} is done with the policy's section open, and by one
 * thread. Forbidden: a thread that is refused, or is late, clears another thread's number. So the number is written
 * after the policy's section is entered, and cleared before that is left.
 *
 * <h2>Whatever is thrown</h2>
 *
 * <p>If {@link #enter} throws, nothing is entered. {@link #end} does not fail: it needs no more stack than {@link
 * StackRoom} checked for at the entry. Should it fail even so, {@code inside} is not cleared: it is negative, or {@link
 * #depth} is 0, and the thread leaves when it uses the reader next. An access changes {@code depth} without a call,
 * since a call may overflow the stack.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>inside</td><td>plain by any thread</td><td>plain by the thread that enters and leaves,
 * or that leaves for one that has ended</td><td>the policy's section</td></tr>
 * <tr><td>depth, open, marks, marked</td><td>plain</td><td>plain</td><td>{@code inside}</td></tr>
 * </table>
 */
final class Sections implements ReadSection {

  /** Added to {@link #depth} by an access while it is under way. */
  static final int HOLD = 1;

  /** Added to {@link #depth} by a section that the user entered. */
  static final int USER = 1 << 16;

  private static final long NO_THREAD = 0;

  /** The pages that the present section has written, which are marked at its end. */
  final PendingMarks marks = new PendingMarks();

  /** Whether {@link #marks} has any pages. */
  boolean marked;

  /** Whether {@link #marks} are being made: a sink that reports writes of its own has them marked at once. */
  private boolean finishing;

  private final Reader rcu;
  private final RcuReference<Generation> generations;

  /**
   * Keeps the reader reachable while the user has the section: a thread refers to its own reader weakly, and would get
   * another one inside, which is outside any section.
   */
  private final MapReader reader;

  /** The number of the thread in a section; negative if leaving failed. */
  long inside = NO_THREAD;

  /**
   * The number of sections that the user has entered, and of accesses under way: a callback of the user cannot end the
   * section of an access. Only the thread that is inside uses it.
   */
  int depth;

  /** The policy's section. */
  private ReadSection open;

  Sections(Reader rcu, RcuReference<Generation> generations, MapReader reader) {
    this.rcu = rcu;
    this.generations = generations;
    this.reader = reader;
  }

  /** The number of the calling thread. */
  static long self() {
    return Thread.currentThread().threadId();
  }

  /** Whether the calling thread is in a section. */
  boolean isInside() {
    return inside == self();
  }

  /** Whether a thread is in a section. */
  boolean isInside(long thread) {
    return inside == thread;
  }

  /** Enters the outermost section, {@link #USER} or {@link #HOLD}, and returns the generation that it pins. */
  Generation enter(long self, int first) {
    if (inside != NO_THREAD) {
      finish(self);
    }
    StackRoom.require();
    ReadSection entered = rcu.enter();
    Generation inForce = dereference(entered);
    if (open != entered) {
      open = entered;
    }
    depth = first;
    inside = self;
    return inForce;
  }

  private Generation dereference(ReadSection entered) {
    try {
      return generations.dereference(rcu);
    } catch (Throwable e) {
      entered.close();
      throw e;
    }
  }

  static IllegalStateException shared() {
    return new IllegalStateException(
        "the reader is used by two threads at a time; make each its own with newReader()");
  }

  private IllegalStateException taken() {
    return new IllegalStateException(
        "reader '" + rcu.name() + "' is used by " + Thread.currentThread() + ": " + owner());
  }

  /** Enters a nested section. */
  void nest() {
    int nested = depth + USER;
    if (nested < 0) {
      throw new IllegalStateException("reader '" + rcu.name() + "' cannot nest deeper than " + (USER - 1) / 2
          + " sections; leave some");
    }
    depth = nested;
  }

  /** Leaves the section that the user entered last. */
  @Override
  public void close() {
    int left = depth - USER;
    if (left < 0 || inside != self()) {
      refuseClose();
    }
    depth = left;
    if (left == 0) {
      end();
    }
  }

  private void refuseClose() {
    throw new IllegalStateException(inside == NO_THREAD || Math.abs(inside) == self()
        ? "section of reader '" + rcu.name() + "' closed more often than entered"
        : "section of reader '" + rcu.name() + "' closed by " + Thread.currentThread() + ": " + owner());
  }

  /** Notes a write, to be marked at the end of the section, if a dirty client logs it. */
  void wrote(PhysSection leaf, long offset, long length) {
    if (finishing) {
      leaf.memory.dirty().mark(offset, length, leaf.dirtyLogMask());
      return;
    }
    marks.add(leaf, offset, length);
    marked = !marks.isEmpty();
  }

  /** Leaves the outermost section. */
  void end() {
    if (marked) {
      endMarked();
    } else {
      leave();
    }
  }

  /** The section is held meanwhile as by a user and an access: a sink may use the reader, and must not end it. */
  private void endMarked() {
    try {
      mark();
    } finally {
      depth = 0;
      leave();
    }
  }

  private void mark() {
    try {
      marked = false;
      finishing = true;
      depth = USER + HOLD;
      marks.finish();
    } finally {
      finishing = false;
    }
  }

  /**
   * Clears the thread's number, and then leaves the policy's section, after which another thread may write its number.
   */
  private void leave() {
    long self = inside;
    inside = NO_THREAD;
    try {
      open.close();
    } catch (Throwable e) {
      inside = -self;
      throw e;
    }
  }

  /** Leaves a section that the calling thread failed to leave, or failed to note as left. */
  private void finish(long self) {
    if (Math.abs(inside) != self) {
      throw taken();
    }
    inside = self;
    if (rcu.inSection()) {
      end();
    } else {
      inside = NO_THREAD;
    }
  }

  /** Leaves the sections of a thread that has ended. */
  boolean leaveAbandoned() {
    boolean left = rcu.leaveAbandoned(this::endAbandoned);
    if (!left && inside != NO_THREAD && !rcu.inSection()) {
      forgetFailed();
    }
    return left;
  }

  /** Called in the policy's section by the thread that has taken it over, and that sees all that the other has done. */
  private void endAbandoned() {
    try {
      if (marked) {
        inside = self();
        mark();
      }
    } finally {
      depth = 0;
      inside = NO_THREAD;
    }
  }

  /** Forgets a thread that failed to note that it had left, and ended. No other is inside while this one is. */
  private void forgetFailed() {
    try (ReadSection _ = rcu.enter()) {
      depth = 0;
      inside = NO_THREAD;
    }
  }

  private String owner() {
    long owner = Math.abs(inside);
    return (owner == NO_THREAD ? "it was just left by another thread" : "it is inside a section of thread #" + owner)
        + "; a reader is used by one thread at a time, make each its own with newReader(); if that thread has ended,"
        + " leaveAbandoned() leaves its section";
  }

  /** Throws unless the calling thread is in a section: called before accesses and translations. */
  void requireInside() {
    if (!isInside()) {
      refuseOutside();
    }
  }

  /**
   * Throws unless some thread is in a section: called before the caller reads the reader's generation, which is never
   * null and changes nothing.
   */
  void requireOpen() {
    if (inside <= NO_THREAD) {
      refuseOutside();
    }
  }

  private void refuseOutside() {
    throw new IllegalStateException("reader '" + rcu.name() + "' is "
        + (inside == NO_THREAD ? "outside a read-side section" : "not in a section of this thread")
        + "; write try (ReadSection _ = reader.enter()) { ... }");
  }

  /**
   * Throws if a section is open, for calls that are forbidden then. The policy cannot check that, as it may not count
   * sections.
   */
  void requireOutside() {
    if (inside != NO_THREAD) {
      refuseInside();
    }
  }

  private void refuseInside() {
    if (isInside() && depth != 0) {
      throw new IllegalStateException(
          "reader '" + rcu.name() + "' is inside a section, which must be left first");
    }
    finish(self());
  }
}
