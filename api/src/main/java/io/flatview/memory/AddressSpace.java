package io.flatview.memory;

/**
 * The addresses of one kind of initiator: all 2<sup>64</sup>, decoded by the tree below a root region.
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
   * @return the width of its addresses, and the answer of its holes
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
   * @param listener the listener to call for each change
   * @return closes the registration; the listener is then replayed {@code begin}, {@code logStop} and {@code regionDel}
   *     for every section, and {@code commit}
   */
  Registration addListener(MemoryListener listener);

  /**
   * Registers a listener that is interested in a part of the address space only. It is called for the sections that
   * touch the range, which it gets whole; the lists of each {@link MapChange} are narrowed in the same way, the views
   * are not. For a change elsewhere it is called with empty lists, so that each {@code begin} has its {@code commit}.
   *
   * @param listener the listener to call for each change
   * @param range the addresses whose sections are of interest
   * @return closes the registration, as for {@link #addListener(MemoryListener)}
   */
  Registration addListener(MemoryListener listener, AddressRange range);

  /**
   * Explains why an address decodes as it does. The answer is that of the view in force; the candidates are asked in
   * the tree as it stands, with the changes of the calling thread's own transaction if it has one open.
   *
   * @param address the address to explain, unsigned
   * @return the regions that were considered, and the one that answers
   */
  Explanation explain(long address);

  /**
   * Opens a window for accesses of one's own, through any number of IOMMUs. Over memory it reaches as far as the bytes
   * lie side by side in one region. Over a device it is a copy, no longer than the bounce space that this address space
   * has left: enough for a handful of registers rather than for a buffer.
   *
   * @param address the first address, unsigned
   * @param length the number of bytes wanted, at least 1
   * @param access the accesses that the window is for
   * @param attributes the attributes of the initiator: for IOMMUs and devices now, and for the device that gets the
   *     written bytes when the window ends
   * @return the window, which may be shorter than asked for, or the reason why there is none
   * @throws IllegalStateException if the address space is closed
   */
  MapResult map(long address, long length, Access access, MemTxAttrs attributes);

  /**
   * Opens a window for an initiator that says nothing of itself; otherwise like {@link
   * #map(long, long, Access, MemTxAttrs)}.
   *
   * @param address the first address, unsigned
   * @param length the number of bytes wanted, at least 1
   * @param access the accesses that the window is for
   * @return the window, which may be shorter than asked for, or the reason why there is none
   * @throws IllegalStateException if the address space is closed
   */
  default MapResult map(long address, long length, Access access) {
    return map(address, length, access, MemTxAttrs.UNSPECIFIED);
  }

  /**
   * Closes the address space: its listeners are called for every section that goes away, and readers that enter a
   * section later find nothing in it. Closing twice does nothing.
   */
  @Override
  void close();

  /** A listener that is registered with an address space. */
  interface Registration extends AutoCloseable {
    /** Takes the listener out. Closing twice does nothing. */
    @Override
    void close();
  }
}
