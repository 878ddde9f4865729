package io.flatview.memory;

/**
 * One access for which an {@link AccessTap} or {@link AccessWatch} is called. The reader uses the object again for its
 * next access.
 *
 * <p>An access that is split at the edges of sections calls the tap for each piece. An access through IOMMUs calls the
 * taps of the space in which it arrives.
 */
public interface TappedAccess {

  /**
   * The address space in which the access arrived.
   *
   * @return the address space of the last hop
   */
  AddressSpace addressSpace();

  /**
   * The lowest address of the access.
   *
   * @return the address in {@link #addressSpace()}, unsigned
   */
  long address();

  /**
   * The region that answers.
   *
   * @return the region of the section at the address
   */
  MemoryRegion region();

  /**
   * The offset in the region.
   *
   * @return the offset of the lowest address, unsigned
   */
  long offset();

  /**
   * The number of bytes.
   *
   * @return 1, 2, 4 or 8
   */
  int size();

  /**
   * The kind of access.
   *
   * @return a load, a store or a fetch
   */
  Access access();

  /**
   * The value that was read or written.
   *
   * @return little endian, zero-extended
   */
  long value();

  /**
   * Whether {@link #before} is known: only for memory, since reading a device may change it.
   *
   * @return true for stores to memory
   */
  boolean isBeforeKnown();

  /**
   * The content of the memory before the store; another thread's store between the two is not seen.
   *
   * @return little endian, zero-extended; 0 if it is not known
   */
  long before();

  /**
   * The result so far.
   *
   * @return the failures of the access up to this piece
   */
  MemTxResult result();
}
