package io.flatview.rcu;

/**
 * A participant on the read side of a {@link ReclaimPolicy}.
 *
 * <p>Sections nest. Everything reachable from a pointer read inside a section stays valid until the outermost section
 * of this reader ends.
 *
 * <p><b>Threading.</b> A reader is used by one thread at a time, the thread that registered it. Entering and leaving
 * allocate nothing and never block. A closed reader refuses everything but being closed.
 */
public interface Reader extends AutoCloseable {

  /**
   * The name given at registration, for reports.
   *
   * @return the name
   */
  String name();

  /**
   * Enters a section.
   *
   * @return the section; the same object may be returned again
   * @throws IllegalStateException if the reader is closed or {@linkplain #offline() offline}, or if the thread that
   *     registered it has ended
   */
  ReadSection enter();

  /**
   * Whether a section is open.
   *
   * @return true between entering the outermost section and leaving it
   */
  boolean inSection();

  /**
   * Announces a quiescent state: this reader holds nothing that it read before. Required again and again of registered
   * readers of the qsbr flavour, which otherwise hold up every grace period; free in the others. Does nothing offline.
   *
   * @throws IllegalStateException inside a section
   */
  void quiescent();

  /**
   * Says that this reader will not enter a section until {@link #online()}; do so before blocking for long.
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
   * Takes the reader out of the registry. Closing twice does nothing.
   *
   * @throws IllegalStateException inside a section, or if the reader is a thread's implicit one
   */
  @Override
  void close();
}
