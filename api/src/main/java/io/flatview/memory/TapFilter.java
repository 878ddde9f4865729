package io.flatview.memory;

import java.util.Objects;

/**
 * The accesses for which a tap or watch is called.
 *
 * @param range the bytes of interest: addresses for a tap on an address space, offsets for a tap on a region. An access
 *     matches if it touches one of them
 * @param loads whether loads match
 * @param stores whether stores match
 * @param fetches whether fetches of instructions match; loads do not include them
 * @param dataMask the bits of the value that are compared; 0 for none
 * @param data the value that these bits must have
 */
public record TapFilter(AddressRange range, boolean loads, boolean stores, boolean fetches, long dataMask, long data) {

  /**
   * Checks that some access can match.
   *
   * @throws IllegalArgumentException if neither loads nor stores nor fetches match
   * @throws NullPointerException if the range is null
   */
  public TapFilter {
    Objects.requireNonNull(range, "range");
    if (!loads && !stores && !fetches) {
      throw new IllegalArgumentException("a tap on " + range + " that matches neither loads nor stores nor fetches");
    }
  }

  /**
   * All accesses to a range.
   *
   * @param range the addresses or offsets of interest
   * @return a new filter
   */
  public static TapFilter of(AddressRange range) {
    return new TapFilter(range, true, true, true, 0, 0);
  }

  /**
   * The loads of a range.
   *
   * @param range the addresses or offsets of interest
   * @return a new filter
   */
  public static TapFilter loads(AddressRange range) {
    return new TapFilter(range, true, false, false, 0, 0);
  }

  /**
   * The stores to a range.
   *
   * @param range the addresses or offsets of interest
   * @return a new filter
   */
  public static TapFilter stores(AddressRange range) {
    return new TapFilter(range, false, true, false, 0, 0);
  }

  /**
   * The fetches of instructions from a range: a breakpoint.
   *
   * @param range the addresses or offsets of interest
   * @return a new filter
   */
  public static TapFilter fetches(AddressRange range) {
    return new TapFilter(range, false, false, true, 0, 0);
  }

  /**
   * A copy that matches only one value: a watchpoint with a data match.
   *
   * @param value the value that is read or written, zero-extended; compared in as many bits as the access has
   * @return a new filter
   */
  public TapFilter matching(long value) {
    return matching(value, -1);
  }

  /**
   * A copy that matches only values that agree in some bits.
   *
   * @param value the value that these bits must have
   * @param mask the bits to compare
   * @return a new filter
   */
  public TapFilter matching(long value, long mask) {
    return new TapFilter(range, loads, stores, fetches, mask, value);
  }

  /**
   * Whether an access matches.
   *
   * @param first the lowest address or offset of the access, unsigned
   * @param size the number of bytes, 1 to 8
   * @param access the kind of access
   * @param value the value that was read or written, zero-extended
   * @return true if the tap is to be called
   */
  public boolean passes(long first, int size, Access access, long value) {
    long last = first + size - 1;
    boolean touches = Long.compareUnsigned(first, range.last()) <= 0 && Long.compareUnsigned(last, range.first()) >= 0;
    return touches && tells(access) && ((value ^ data) & dataMask & -1L >>> Long.SIZE - Byte.SIZE * size) == 0;
  }

  /**
   * Whether a kind of access can match.
   *
   * @param access the kind of access
   * @return true if it matches at some address with some value
   */
  public boolean tells(Access access) {
    return switch (access) {
      case READ -> loads;
      case WRITE -> stores;
      case FETCH -> fetches;
    };
  }
}
