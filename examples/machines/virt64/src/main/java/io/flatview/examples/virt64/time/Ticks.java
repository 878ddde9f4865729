package io.flatview.examples.virt64.time;

import java.time.Duration;

/**
 * How long a thread is waited for, in short steps that are counted instead of by the clock: while the host is held up,
 * or the process is stopped, neither thread gets on, and that counts as one step. Confined to a thread.
 */
public final class Ticks {

  private static final Duration TICK = Duration.ofMillis(20);

  /** Something that can be waited for. */
  public interface Wait {

    /**
     * Waits.
     *
     * @param longest how long at most; zero only looks
     * @return whether it has come
     * @throws InterruptedException if interrupted
     */
    boolean hasComeWithin(Duration longest) throws InterruptedException;
  }

  private long left;

  private Ticks(long left) {
    this.left = left;
  }

  /**
   * Patience for one or more waits together.
   *
   * @param patience how long they last at most where the host is not held up
   * @return what is left of it
   */
  public static Ticks of(Duration patience) {
    return new Ticks(patience.dividedBy(TICK));
  }

  /**
   * Waits for something.
   *
   * @param wait for what
   * @return whether it has come; false if no patience is left
   * @throws InterruptedException if interrupted
   */
  public boolean await(Wait wait) throws InterruptedException {
    while (left > 0) {
      if (wait.hasComeWithin(TICK)) {
        return true;
      }
      left--;
    }
    return wait.hasComeWithin(Duration.ZERO);
  }

  /**
   * Waits for the end of a thread.
   *
   * @param thread a thread that was started
   * @return whether it has ended; false if no patience is left
   * @throws InterruptedException if interrupted
   */
  public boolean join(Thread thread) throws InterruptedException {
    return await(thread::join);
  }
}
