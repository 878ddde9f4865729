package io.flatview.memory;

import java.lang.foreign.MemorySegment;

/**
 * A range of an address space that was mapped for the caller's own accesses, such as a device's background transfer:
 * the result of QEMU's {@code address_space_map}.
 *
 * <p>If memory answers, the window is that memory itself. Otherwise it is a copy, a bounce buffer: for reading, with
 * the bytes that were read from the device when the window was mapped; for writing, with zeros at first, and {@link
 * #unmap} writes the bytes to the device.
 *
 * <p><b>Lifetime.</b> A window needs no read-side section and may outlive all: it keeps its memory, and only that, by a
 * reference count. The map may change meanwhile. Memory that is removed, or whose region or memory system is closed, is
 * kept until its last window has ended, and data stored in it then is lost. A section instead of the reference count
 * would hold up all reclamation for as long as the transfer lasts. Bytes for a device are never written to another
 * region that took its place: they are dropped, and {@link #unmap} returns an error.
 *
 * <p><b>Threading.</b> Any thread may use and end the window, one thread at a time. Accesses are those of {@link
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
   * The attributes of the initiator.
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
   * The bytes; read-only in a window for reading. Do not use the segment after the end of the window: in checked mode
   * that throws, else it is undefined.
   *
   * @return a segment of {@link #length()} bytes
   * @throws IllegalStateException if the window has ended
   */
  MemorySegment segment();

  /**
   * Ends a window of which some bytes were written: they are marked as dirty, or written to the device.
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
