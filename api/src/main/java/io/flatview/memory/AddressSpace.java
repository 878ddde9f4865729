package io.flatview.memory;

/**
 * The addresses of one kind of initiator, decoded by the tree below a root region. There are 2<sup>64</sup>, unless its
 * {@linkplain AddressSpaceOptions#addressBits() options} say that there are fewer.
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
   * The region that the address space shows, at {@link MemoryRegion#address()}.
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
   * @return an immutable view, which later commits do not change
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
   * overlap the range, each with its whole section; the lists of each {@link MapChange} have only these sections, but
   * its views are whole. For a change elsewhere it is called with empty lists, so that each {@code begin} has its
   * {@code commit}.
   *
   * @param listener the listener to call for each change
   * @param range the addresses whose sections are of interest
   * @return closes the registration, as for {@link #addListener(MemoryListener)}
   * @throws MapException if the range begins beyond the last address of the space
   */
  Registration addListener(MemoryListener listener, AddressRange range);

  /**
   * Explains why an address decodes as it does. The answer is that of the view in force; the candidates are those of
   * the tree, including the changes of an open transaction of the calling thread.
   *
   * @param address the address to explain, unsigned
   * @return the regions that were considered, and the one that answers
   */
  Explanation explain(long address);

  /**
   * Maps a range for the caller's own accesses, through any number of IOMMUs: QEMU's {@code address_space_map}. In
   * memory the window reaches as far as the bytes are contiguous in one region. On a device it is a copy, no longer
   * than the bounce space that this address space has left: enough for a few registers rather than for a buffer.
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
   * Maps a range for an initiator without attributes; otherwise like {@link #map(long, long, Access, MemTxAttrs)}.
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
    /** Removes the listener. Closing twice does nothing. */
    @Override
    void close();
  }
}
