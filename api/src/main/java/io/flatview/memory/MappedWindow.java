package io.flatview.memory;

import java.lang.foreign.MemorySegment;

/**
 * Guest memory that is held open for many accesses of one's own, as a device does that transfers in the background.
 *
 * <p>Over memory the window is that memory itself. Over anything else it is a copy, a bounce buffer: for reading, what
 * the device gave when the window was mapped; for writing, zeros at first, which go to the device at {@link #unmap}.
 *
 * <p><b>Lifetime.</b> A window needs no read-side section and outlives any: it keeps its memory, and only that, by a
 * reference of its own. The map may change meanwhile. Memory that is taken out, or whose region or memory system is
 * closed, stays until its last window is closed, and what is stored in it then is lost with it, as with a device that
 * still transfers. A section held open instead would hold up all reclamation for as long as the transfer lasts. Bytes
 * bound for a device do not go to whoever took its place: if another region answers by then, they are dropped and
 * {@link #unmap} says so.
 *
 * <p><b>Threading.</b> The window may be used and ended by any thread, by one at a time. Accesses are those of {@link
 * MemorySegment}, with no order against guest accesses to the same bytes.
 */
public interface MappedWindow extends AutoCloseable {

  /**
   * Where it was mapped.
   *
   * @return the address space
   */
  AddressSpace addressSpace();

  /**
   * The first address.
   *
   * @return unsigned
   */
  long address();

  /**
   * How many bytes it really holds.
   *
   * @return at least 1
   */
  long length();

  /**
   * What it was mapped for.
   *
   * @return the access
   */
  Access access();

  /**
   * What its initiator said of itself.
   *
   * @return the attributes, for as long as the window lasts
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
   * Ends a window, and says how much of it was written: so many bytes are marked as dirty, or go to the device.
   *
   * @param written how many bytes from the first on, 0 to {@link #length()}; 0 in a window for reading
   * @return how the transfer to a device went; always OK for memory
   * @throws IllegalArgumentException if the count is out of range; the window stays open
   * @throws IllegalStateException if the window has ended
   */
  MemTxResult unmap(long written);

  /**
   * Ends a window for reading. Closing twice does nothing, nor does closing after {@link #unmap}.
   *
   * @throws IllegalStateException if the window is for writing and {@link #unmap} did not say how much was written. The
   *     window has ended: memory counts as dirty in full, and a device gets nothing
   */
  @Override
  void close();
}
