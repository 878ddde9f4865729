package io.flatview.memory;

/**
 * Called before parts of sparse RAM are populated and as they are discarded, such as of a device that keeps mappings of
 * guest memory: QEMU's {@code RamDiscardListener}.
 *
 * <p>Each section that a listener gets lies in the section for which it was {@linkplain RamDiscardManager#addListener
 * registered}: its range and its offset are cut together, and its attributes are those of the registered section. A
 * byte for which {@link #populate} returned is discarded once before it is populated again. The parts that are
 * discarded need not be those that were populated: neighbours may come joined, and a part may come in pieces. They
 * begin and end at multiples of the {@linkplain RamDiscardManager#granularity() granularity} in the memory, or at the
 * ends of the registered section. A listener that cannot undo half a mapping makes one for each granule.
 *
 * <p><b>Threading.</b> One thread at a time calls the listeners of a memory: that which populates, discards, registers
 * or leaves. It may hold the locks of devices, or the map's. A listener may query and replay the manager, and close
 * registrations; it must not block, waiting for a grace period is refused, and so are {@link
 * RamDiscardManager#populate}, {@link RamDiscardManager#discard} and {@link RamDiscardManager#addListener} of the same
 * manager. Transactions that it begins are made when the calls have ended, as a device's are.
 */
public interface RamDiscardListener {

  /**
   * A part that was discarded is about to be populated. Any exception refuses that: the listener has taken nothing of
   * the section, every listener that was called before gets {@link #discard} for what it was called with, and the part
   * stays discarded.
   *
   * @param section the part; at this time the manager says that it is not populated
   */
  void populate(MemoryRegionSection section);

  /**
   * A part is discarded: the listener drops all references to its memory, which is given back to the system when all
   * listeners were called. This cannot be refused: the other listeners are called and the memory is given back although
   * this throws, and the caller then gets the exception.
   *
   * @param section the part; the manager says that it is not populated
   */
  void discard(MemoryRegionSection section);
}
