package io.flatview.memory;

/**
 * A range of addresses that one reader uses repeatedly, such as a ring of descriptors: translated once, and again
 * only when the map has changed.
 *
 * <p>Each access compares the generation that its section sees with the one the cache was translated in, and translates
 * anew if they differ. So it is never stale, its owner need not listen for commits, and it never reads a map that its
 * section does not pin; QEMU's cache keeps the map in which it was made until its owner makes a new one. A cache keeps
 * nothing alive between sections and needs no closing.
 *
 * <p>Memory is loaded and stored at the speed of memory. Accesses to devices, to logged memory and through an IOMMU,
 * whose answers may change within one generation, are made like those of {@link MapReader#load} and {@link
 * MapReader#store}, with the attributes of the cache. An access outside a section enters one of its own.
 *
 * <p><b>Threading.</b> A cache belongs to its reader and is used by the reader's thread. Accesses allocate nothing.
 */
public interface MemoryRegionCache {

  /**
   * The address space of the range.
   *
   * @return the address space given to {@link MapReader#cache}
   */
  AddressSpace addressSpace();

  /**
   * The first address of the range.
   *
   * @return the address, unsigned
   */
  long address();

  /**
   * The number of bytes in the range.
   *
   * @return the length given to {@link MapReader#cache}, also where nothing answers
   */
  long length();

  /**
   * Loads a little-endian value.
   *
   * @param offset the distance from the first address
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended; {@link #lastResult()} has the result
   * @throws IndexOutOfBoundsException if the value does not lie in the range
   */
  long load(long offset, int size);

  /**
   * Stores a little-endian value.
   *
   * @param offset the distance from the first address
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @return the result
   * @throws IndexOutOfBoundsException if the value does not lie in the range
   */
  MemTxResult store(long offset, int size, long value);

  /**
   * The result of this cache's last load or store.
   *
   * @return {@link MemTxResult#OK} before the first
   */
  MemTxResult lastResult();
}
