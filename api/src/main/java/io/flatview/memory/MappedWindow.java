package io.flatview.memory;

import java.lang.foreign.MemorySegment;

/**
 * Guest memory that is held open for many accesses of one's own, such as those of a device that transfers in the
 * background.
 *
 * <p>Over memory the window is that memory itself. Over anything else it is a copy, a bounce buffer: for reading, what
 * the device gave when the window was mapped; for writing, zeros at first, which go to the device at {@link #unmap}.
 *
 * <p><b>Lifetime.</b> A window needs no read-side section and outlives any: it keeps its memory, and only that, by a
 * reference of its own. The map may change meanwhile. Memory that is taken out, or whose region or memory system is
 * closed, stays until its last window is closed, and what is stored in it then is lost with it, as with a device that
 * still transfers. A section held open instead would hold up all reclamation for as long as the transfer lasts. Bytes
 * for a device never go to another region that took its place: they are dropped, and {@link #unmap} returns an error.
 *
 * <p><b>Threading.</b> The window may be used and ended by any thread, by one at a time. Accesses are those of {@link
 * MemorySegment}, with no order against guest accesses to the same bytes.
 */
public interface MappedWindow extends AutoCloseable {

  /**
   * The address space in which the window was mapped.
   *
   * @return the address space given to {@code map}
   */
  AddressSpace addressSpace();

  /**
   * The first address of the window.
   *
   * @return the address, unsigned
   */
  long address();

  /**
   * The number of bytes that the window holds, which may be fewer than were asked for.
   *
   * @return at least 1
   */
  long length();

  /**
   * The kind of access that the window was mapped for.
   *
   * @return {@link Access#WRITE} for a window that may be written
   */
  Access access();

  /**
   * The attributes of its initiator.
   *
   * @return the attributes given to {@code map}
   */
  MemTxAttrs attributes();

  /**
   * Whether the window is guest memory itself.
   *
   * @return false for a bounce buffer
   */
  boolean isDirect();

  /**
   * The bytes; read-only in a window for reading. Not to be used after the end of the window: in checked mode that
   * throws, else it is undefined.
   *
   * @return a segment of {@link #length()} bytes
   * @throws IllegalStateException if the window has ended
   */
  MemorySegment segment();

  /**
   * Ends a window of which some bytes were written: these are marked as dirty, or go to the device.
   *
   * @param written the number of bytes that were written, from the first on: 0 to {@link #length()}; 0 in a window for
   *     reading
   * @return the result of the transfer to a device; always OK for memory
   * @throws IllegalArgumentException if the count is out of range; the window stays open
   * @throws IllegalStateException if the window has ended
   */
  MemTxResult unmap(long written);

  /**
   * Ends a window for reading. Closing twice does nothing, nor does closing after {@link #unmap}.
   *
   * @throws IllegalStateException if the window is for writing and {@link #unmap} was not called. The
   *     window has ended: memory counts as dirty in full, and a device gets nothing
   */
  @Override
  void close();
}
