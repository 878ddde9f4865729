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
   * The options given at creation.
   *
   * @return how wide its addresses are
   */
  AddressSpaceOptions options();

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
   * Registers a listener that is interested in a part of the address space only. It is told of the sections that touch
   * the range, whole; the lists of each {@link MapChange} are narrowed in the same way, the views are not. Changes of
   * the address space elsewhere reach it with empty lists, so that what it hears is bracketed as always.
   *
   * @param listener who
   * @param range which addresses
   * @return closes the registration, as for {@link #addListener(MemoryListener)}
   */
  Registration addListener(MemoryListener listener, AddressRange range);

  /**
   * Tells why an address decodes as it does. The answer is that of the view in force; the candidates are asked in the
   * tree as it stands, with the changes of the calling thread's own transaction if it has one open.
   *
   * @param address unsigned
   * @return the regions that were considered, and the one that answers
   */
  Explanation explain(long address);

  /**
   * Opens a window for accesses of one's own, through any number of IOMMUs. Over memory it reaches on as long as the
   * bytes lie side by side in one region; over a device it is a copy of at most what is left of this address space's
   * bounce space, so a handful of registers rather than a buffer.
   *
   * @param address the first address, unsigned
   * @param length how many bytes, at least 1
   * @param access what for
   * @param attributes what the initiator says of itself: to IOMMUs and devices now, and to the device that gets what
   *     was written when the window ends
   * @return the window, which may be shorter, or why there is none
   * @throws IllegalStateException if the address space is closed
   */
  MapResult map(long address, long length, Access access, MemTxAttrs attributes);

  /**
   * Opens a window for an initiator that says nothing of itself; otherwise like {@linkplain
   * #map(long, long, Access, MemTxAttrs) the other}.
   *
   * @param address the first address, unsigned
   * @param length how many bytes, at least 1
   * @param access what for
   * @return the window, which may be shorter, or why there is none
   * @throws IllegalStateException if the address space is closed
   */
  default MapResult map(long address, long length, Access access) {
    return map(address, length, access, MemTxAttrs.UNSPECIFIED);
  }

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
