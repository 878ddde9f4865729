package io.flatview.memory;

/**
 * A range of addresses that one reader uses over and over, such as a ring of descriptors: translated once, and again
 * only when the map has changed.
 *
 * <p>Each access compares the generation that its section sees with the one the cache was translated in, and translates
 * anew if they differ. So no commit makes it stale, nothing needs to listen for commits, and it never reads a map that
 * its section does not hold; QEMU's cache goes on with the map it was made in until its owner makes it again. It keeps
 * nothing alive between sections and needs no closing.
 *
 * <p>Memory is loaded and stored at the speed of memory. What a device answers, what is logged, and what lies behind an
 * IOMMU, whose answers may change in one generation, goes the way of {@link MapReader#load} and
 * {@link MapReader#store}. An access outside a section has one of its own.
 *
 * <p><b>Threading.</b> It belongs to its reader and is used by the same thread. Accesses allocate nothing.
 */
public interface MemoryRegionCache {

  /**
   * Where.
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
   * How many bytes.
   *
   * @return as asked for, whatever answers there
   */
  long length();

  /**
   * Loads a little-endian value.
   *
   * @param offset from the first address
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended; {@link #lastResult()} tells how it went
   * @throws IndexOutOfBoundsException if the value does not lie in the range
   */
  long load(long offset, int size);

  /**
   * Stores a little-endian value.
   *
   * @param offset from the first address
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @return how it went
   * @throws IndexOutOfBoundsException if the value does not lie in the range
   */
  MemTxResult store(long offset, int size, long value);

  /**
   * How this cache's last load or store went.
   *
   * @return {@link MemTxResult#OK} before the first
   */
  MemTxResult lastResult();
}
