package io.flatview.examples.cli.demo.oracle;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The writer's diary of its commits, numbered by the writer itself and from 1.
 *
 * <p>The writer announces a frame before it commits and settles it once the commit has returned. A reader notes
 * {@link #settled} before it enters a section and {@link #announced} right after: its sighting must be the frame of one
 * of the commits from the first number to the second. One writer, any number of readers.
 *
 * <p>The diary is a ring. The writer never runs further ahead of an open section than it leaves grace periods
 * outstanding, so a ring that holds more than that can only be overrun if a grace period ended too early.
 */
public final class Ledger {

  private final int mask;
  private final AtomicReferenceArray<Frame> frames;
  private final AtomicLongArray quiesced;
  private volatile long announced;
  private volatile long settled;

  /**
   * A diary that starts with a first frame, settled.
   *
   * @param capacity how many frames it keeps, a power of two
   * @param first the content before any commit, as for {@link Frame}
   */
  public Ledger(int capacity, long[][] first) {
    mask = capacity - 1;
    frames = new AtomicReferenceArray<>(capacity);
    quiesced = new AtomicLongArray(capacity);
    frames.set(0, new Frame(0, first));
  }

  /**
   * The writer is about to commit.
   *
   * @param blocks the content after the commit, as for {@link Frame}
   * @return the number of the commit
   */
  public long announce(long[][] blocks) {
    long number = announced + 1;
    frames.set(slot(number), new Frame(number, blocks));
    announced = number;
    return number;
  }

  /**
   * A commit has returned.
   *
   * @param number the number of the commit, as announced
   */
  public void settle(long number) {
    settled = number;
  }

  /**
   * The memory system says that no reader can see what this commit replaced.
   *
   * @param number the number of the commit, as announced
   */
  public void quiesce(long number) {
    quiesced.set(slot(number), number);
  }

  /**
   * The latest commit that was begun.
   *
   * @return its number
   */
  public long announced() {
    return announced;
  }

  /**
   * The latest commit that has returned.
   *
   * @return its number
   */
  public long settled() {
    return settled;
  }

  /**
   * Whether a commit's grace period is said to be over.
   *
   * @param number which, not older than the ring
   * @return true if so
   */
  public boolean isQuiesced(long number) {
    return quiesced.get(slot(number)) == number;
  }

  /**
   * The frame of a commit.
   *
   * @param number the number of the commit
   * @return the frame, or null if the ring holds it no more or not yet
   */
  public Frame frame(long number) {
    Frame frame = number < 0 ? null : frames.get(slot(number));
    return frame != null && frame.number() == number ? frame : null;
  }

  /**
   * The oldest commit that the ring can hold.
   *
   * @return its number
   */
  public long oldest() {
    return Math.max(0, announced - mask);
  }

  private int slot(long number) {
    return (int) (number & mask);
  }
}
