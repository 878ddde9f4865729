package io.flatview.memory;

/**
 * One access that a {@link AccessTap} is told of. Owned by the reader and used again for its next one.
 *
 * <p>An access that several sections serve, or that is split at their edges, is told piece by piece. One that passes
 * IOMMUs is told where it arrives.
 */
public interface TappedAccess {

  /**
   * Where the access arrived.
   *
   * @return the address space of the last hop
   */
  AddressSpace addressSpace();

  /**
   * The lowest address.
   *
   * @return unsigned
   */
  long address();

  /**
   * Who answered.
   *
   * @return the region of the section at the address
   */
  MemoryRegion region();

  /**
   * Where in the region.
   *
   * @return the offset of the lowest address, unsigned
   */
  long offset();

  /**
   * How many bytes.
   *
   * @return 1, 2, 4 or 8
   */
  int size();

  /**
   * What was done.
   *
   * @return load or store
   */
  Access access();

  /**
   * What was read or written.
   *
   * @return little endian, zero-extended
   */
  long value();

  /**
   * Whether {@link #before} is known: memory was written. Asking a device would change it.
   *
   * @return true for stores to memory
   */
  boolean isBeforeKnown();

  /**
   * What memory held before the store; another thread's store between the two is not seen.
   *
   * @return little endian, zero-extended; 0 if it is not known
   */
  long before();

  /**
   * How it went.
   *
   * @return of the access so far
   */
  MemTxResult result();
}
