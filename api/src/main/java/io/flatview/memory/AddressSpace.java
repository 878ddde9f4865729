package io.flatview.memory;

/**
 * What one kind of initiator sees: all 2<sup>64</sup> addresses, decoded by the tree below a root region.
 *
 * <p>An address space and its listeners may come and go at any time between commits.
 */
public interface AddressSpace extends AutoCloseable {

  /**
   * The name given at creation; not unique.
   *
   * @return the name
   */
  String name();

  /**
   * The region that it shows. A root that has a parent or was given an address shows at that address.
   *
   * @return the root
   */
  MemoryRegion root();

  /**
   * The view in force.
   *
   * @return an immutable view; safe to keep, but the map moves on
   * @throws IllegalStateException if the address space is closed
   */
  FlatView flatView();

  /**
   * Registers a listener and replays the present view to it: {@code begin}, {@code regionAdd} for every section, each
   * followed by {@code logStart} if clients log it, and {@code commit}.
   *
   * @param listener who
   * @return closes the registration; the listener is then replayed {@code begin}, {@code logStop} and {@code regionDel}
   *     for every section, and {@code commit}
   */
  Registration addListener(MemoryListener listener);

  /**
   * Tells why an address decodes as it does. The answer is that of the view in force; the candidates are asked in the
   * tree as it stands, with the changes of the calling thread's own transaction if it has one open.
   *
   * @param address unsigned
   * @return the regions that were considered, and the one that answers
   */
  Explanation explain(long address);

  /**
   * Closes the address space: its listeners are told that every section goes away, and readers that enter a section
   * later find nothing in it. Closing twice does nothing.
   */
  @Override
  void close();

  /** A listener's place in an address space. */
  interface Registration extends AutoCloseable {
    /** Takes the listener out. Closing twice does nothing. */
    @Override
    void close();
  }
}
