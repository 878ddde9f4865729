package io.flatview.memory;

import java.util.function.Consumer;

/**
 * Makes RAM sparse: the parts of it that a device such as virtio-mem has plugged are <em>populated</em>, all others
 * <em>discarded</em>. QEMU's {@code RamDiscardManager}.
 *
 * <p>The device populates and discards parts; listeners that keep references to guest memory, such as those that map it
 * for DMA, follow it. A {@link MemoryListener} that maps RAM registers in {@link MemoryListener#regionAdd} for the
 * section of sparse RAM instead of mapping it, and closes the registration in {@link MemoryListener#regionDel}.
 *
 * <p>At first everything is discarded. The state is one bit for each granule, reaches over all that the memory can
 * {@linkplain MemoryRegion.Ram#maximum() grow to}, and is independent of the place and the present size of the region.
 * Accesses do not look at it, as in QEMU: a discarded part is memory that reads as zeros until it is written, and what
 * is written there is lost at the next discard. So a translation also ends in discarded parts, through IOMMUs, too. A
 * notifier that maps what an IOMMU maps first asks {@link #isPopulated(long, long)} for the bytes at which the
 * translation ends, and maps none that are discarded.
 *
 * <p><b>Order.</b> A part counts as populated after all listeners have accepted it, and as discarded before the first
 * is called for that. So a thread that finds a part populated knows that every listener has taken it, and none has been
 * asked to drop it. Listeners are called in the order of registration, for discards in its reverse; each with all parts
 * in ascending order, in reverse where calls are taken back.
 *
 * <p><b>Migration.</b> Only populated parts need to be copied. The first pass copies what {@link #replayPopulated}
 * names. A guest writes to populated parts only, also to those that were populated later; so each further pass takes a
 * snapshot of the {@linkplain DirtyClient dirty} pages and copies those that are populated. A discard marks its pages,
 * too, which are populated again or need not be copied. With the guest stopped, {@link #replayDiscarded} names the
 * parts that the destination discards, in case that they were copied before, and {@link #replayPopulated} those that it
 * populates.
 *
 * <p><b>Threading.</b> All methods may be called by any thread, also in a device's callback, and in a listener's of the
 * map. Changes, registrations and replays of one memory are made in turns, one thread at a time; a callback may enter
 * the turn of its own thread again, as {@link RamDiscardListener} says. The two {@code isPopulated} take no lock; of a
 * range that changes meanwhile they may see any part changed.
 */
public interface RamDiscardManager {

  /**
   * The memory that this manager belongs to.
   *
   * @return the region
   */
  MemoryRegion.Ram region();

  /**
   * The smallest part that can be populated or discarded: QEMU's {@code min_granularity}.
   *
   * @return the number of bytes, a power of two
   */
  long granularity();

  /**
   * Populates a range. Listeners are called for the parts of it that are discarded; if there are none, nothing happens.
   *
   * @param offset the offset of the first byte, a multiple of the granularity
   * @param length the number of bytes, a multiple of the granularity; the range may reach up to {@link
   *     MemoryRegion.Ram#maximum()}
   * @throws MapException if a listener refuses; its {@linkplain Throwable#getCause() cause} is what the listener threw,
   *     with exceptions of listeners that could not take back suppressed. Nothing has changed
   * @throws IllegalArgumentException if the offset or the length is no multiple of the granularity
   * @throws IndexOutOfBoundsException if the range does not lie in the memory
   * @throws IllegalStateException if the region is closed, or the caller is called by this manager, or another thread
   *     has the turn and waits, in a callback, for the calling thread; nothing has changed
   */
  void populate(long offset, long length);

  /**
   * Discards a range: listeners are called for the parts of it that are populated; then all of it reads as zeros, and
   * whole pages go back to the system, as by {@link MemoryRegion.Ram#discard}. That includes parts that were discarded
   * already, to which a guest may have written.
   *
   * <p>Once the first listener is called, the range is discarded, whatever is thrown: the first exception is thrown
   * when everything is done, with the others suppressed. If giving the memory back has failed, repeat the call.
   *
   * @param offset the offset of the first byte, a multiple of the granularity
   * @param length the number of bytes, a multiple of the granularity; the range may reach up to {@link
   *     MemoryRegion.Ram#maximum()}
   * @return the number of bytes that went back to the system; the others were zeroed in place
   * @throws IllegalArgumentException if the offset or the length is no multiple of the granularity
   * @throws IndexOutOfBoundsException if the range does not lie in the memory
   * @throws IllegalStateException if the region is closed, or the caller is called by this manager, or another thread
   *     has the turn and waits, in a callback, for the calling thread; nothing has changed
   */
  long discard(long offset, long length);

  /**
   * Whether all of a range is populated.
   *
   * @param offset the offset of the first byte
   * @param length the number of bytes; neither needs to be a multiple of the granularity
   * @return true if no byte of it is in a discarded part; so for an empty range
   * @throws IndexOutOfBoundsException if the range does not lie in the memory
   */
  boolean isPopulated(long offset, long length);

  /**
   * Whether all of a section is populated.
   *
   * @param section a section of this memory
   * @return true if no byte of it is in a discarded part
   * @throws IllegalArgumentException if it is a section of another region
   * @throws IndexOutOfBoundsException if it reaches beyond the memory
   */
  boolean isPopulated(MemoryRegionSection section);

  /**
   * Names the populated parts of a section, in ascending order, neighbours joined. Nothing is populated or discarded
   * meanwhile, so the callback must not block: collect the parts for work that takes long. An exception ends the replay
   * and is thrown.
   *
   * @param section a section of this memory
   * @param part is called with each part, cut to the section; under the rules of {@link RamDiscardListener}
   * @throws IllegalArgumentException if it is a section of another region
   * @throws IndexOutOfBoundsException if it reaches beyond the memory
   * @throws IllegalStateException if another thread has the turn and waits, in a callback, for the calling thread
   */
  void replayPopulated(MemoryRegionSection section, Consumer<? super MemoryRegionSection> part);

  /**
   * Names the discarded parts of a section; otherwise like {@link #replayPopulated}.
   *
   * @param section a section of this memory
   * @param part is called with each part, cut to the section
   * @throws IllegalArgumentException if it is a section of another region
   * @throws IndexOutOfBoundsException if it reaches beyond the memory
   * @throws IllegalStateException if another thread has the turn and waits, in a callback, for the calling thread
   */
  void replayDiscarded(MemoryRegionSection section, Consumer<? super MemoryRegionSection> part);

  /**
   * Registers a listener for a section, and calls it for the populated parts of it at once. A listener may be
   * registered several times.
   *
   * @param listener the listener to call for each change in the section
   * @param section a section of this memory, such as one that a {@link MemoryListener} gets; its ends need not be
   *     multiples of the granularity
   * @return closes the registration; the listener is then called to discard the populated parts
   * @throws MapException if the listener refuses a part; it has been called to discard the parts that it had accepted,
   *     and is not registered
   * @throws IllegalArgumentException if it is a section of another region
   * @throws IndexOutOfBoundsException if it reaches beyond the memory
   * @throws IllegalStateException if the region is closed, or the caller is called by this manager, or another thread
   *     has the turn and waits, in a callback, for the calling thread
   */
  Registration addListener(RamDiscardListener listener, MemoryRegionSection section);

  /** A listener that is registered. */
  interface Registration extends AutoCloseable {

    /**
     * Removes the listener, after calling it to discard the parts that are populated for it, also if the region is
     * closed. In a callback, these are the parts that the listener has accepted and was not called to discard yet; a
     * listener that closes its own registration as it is called to populate a part is called to discard it when it has
     * returned. If the listener throws, it is removed all the same, and the first exception is thrown when all parts
     * were discarded. Closing twice does nothing.
     *
     * @throws IllegalStateException if another thread has the turn and waits, in a callback, for the calling thread;
     *     the listener stays
     */
    @Override
    void close();
  }
}
