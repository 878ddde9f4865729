package io.flatview.rcu;

/**
 * A participant on the read side of a {@link ReclaimPolicy}.
 *
 * <p>Sections nest. Everything reachable from a pointer read inside a section stays valid until the outermost section
 * of this reader ends.
 *
 * <p><b>Threading.</b> A reader is used by one thread at a time. Its user is the thread that used it last, at first the
 * one that registered it; between sections any other takes it over by using it, after a hand-over that orders the two,
 * such as a queue or the start of a thread. Taking over costs a lock and a fence in all threads, once: up to 50 us, or
 * next to nothing if the former user went {@linkplain #offline() offline}. The following table shows what happens to a
 * reader whose user ends:
 *
 * <table class="striped">
 * <caption>A reader whose user has ended</caption>
 * <thead><tr><th scope="col">it is</th><th scope="col">grace periods</th><th scope="col">report</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">offline</th><td>pass</td><td>none: it was handed over</td></tr>
 * <tr><th scope="row">online, outside any section</th><td>pass, in every flavour</td><td>{@link
 * StallReport.Cause#ABANDONED}, once</td></tr> <tr><th scope="row">inside a section</th><td>wait until another thread
 * leaves the section: {@link #leaveAbandoned()}</td><td>{@link StallReport.Cause#ABANDONED} once, and {@link
 * StallReport.Cause#STALLED} repeatedly</td></tr>
 * </tbody>
 * </table>
 *
 * <p>In the first two cases the reader leaves the registry, and a thread that takes it over brings it back. An open
 * section is never taken for closed. A thread that builds a reader for another calls {@link #offline()}, and the other
 * {@link #online()}.
 *
 * <p>Two threads that use a reader at the same time are never both inside: the one that comes later gets an {@link
 * IllegalStateException} from {@link #enter()}, also for a nested section, and no section stays open once both have
 * left theirs. In {@linkplain Checked checked mode} a thread that leaves the other's section is refused, too. No other
 * use by two threads is detected.
 *
 * <p>Entering and leaving allocate nothing and never block. If a {@link StackOverflowError} or an {@link
 * OutOfMemoryError} breaks off entering or leaving, the section counts as left. A closed reader refuses every call but
 * {@link #close()}.
 */
public interface Reader extends AutoCloseable {

  /**
   * The name given at registration, for reports.
   *
   * @return the name given at registration
   */
  String name();

  /**
   * Enters a section.
   *
   * @return the section; the same object may be returned again
   * @throws IllegalStateException if the reader is closed or {@linkplain #offline() offline}, or another thread that
   * has not ended is inside
   */
  ReadSection enter();

  /**
   * Whether a section is open.
   *
   * @return true between entering the outermost section and leaving it
   */
  boolean inSection();

  /**
   * Announces a quiescent state: this reader holds no object that it read before. Required repeatedly from registered
   * readers of the qsbr flavour, which otherwise hold up every grace period; free in the others. Does nothing offline.
   *
   * @throws IllegalStateException inside a section
   */
  void quiescent();

  /**
   * Takes this reader offline: it will not enter a section until {@link #online()}; do so before blocking for long, and
   * before another thread takes the reader over.
   *
   * @throws IllegalStateException inside a section
   */
  void offline();

  /**
   * Ends {@link #offline()}; does nothing for a reader that is online.
   *
   * @throws IllegalStateException inside a section
   */
  void online();

  /**
   * Leaves the sections in which the reader's user has ended, as {@link #leaveAbandoned(Runnable)} does, with nothing
   * left to do in them.
   *
   * @return whether a section was open
   * @throws IllegalStateException if the user has not ended and is inside
   */
  default boolean leaveAbandoned() {
    return leaveAbandoned(() -> { });
  }

  /**
   * Leaves the sections in which the reader's user has ended: all that are nested. Only the program can know that no
   * other thread uses what they protect, such as one to which the ended thread passed it on; so no policy does this by
   * itself. A warning names the reader, the ended thread and, with {@link Checked#STACKS}, the place at which it
   * entered. Afterwards the reader holds up no grace period, in any flavour, and the next thread that uses it takes it
   * over. Any thread may call this, at any time.
   *
   * @param last runs in the calling thread while the sections still protect; the sections are left also if it throws
   * @return whether a section was open; otherwise nothing was done
   * @throws IllegalStateException if the user has not ended and is inside, also if it has taken the section over from a
   *     thread that has; nothing was done then
   */
  boolean leaveAbandoned(Runnable last);

  /**
   * Takes the reader out of the registry. Closing twice does nothing.
   *
   * @throws IllegalStateException inside a section, or if the reader is a thread's implicit one
   */
  @Override
  void close();
}
