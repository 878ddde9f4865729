package io.flatview.memory;

import java.util.Objects;

/**
 * Which accesses a tap is told of.
 *
 * @param range which bytes; an access is told if it touches one of them. Addresses for a tap on an address space,
 *     offsets for a tap on a region
 * @param loads whether loads are told
 * @param stores whether stores are told
 * @param fetches whether fetches of instructions are told, which are no loads
 * @param dataMask which bits of the value are compared; 0 for none
 * @param data what they must be
 */
public record TapFilter(AddressRange range, boolean loads, boolean stores, boolean fetches, long dataMask, long data) {

  /**
   * Checks that something can match.
   *
   * @throws IllegalArgumentException if neither loads nor stores nor fetches are told
   * @throws NullPointerException if the range is null
   */
  public TapFilter {
    Objects.requireNonNull(range, "range");
    if (!loads && !stores && !fetches) {
      throw new IllegalArgumentException("a tap on " + range + " that is told of neither loads nor stores nor fetches");
    }
  }

  /**
   * All accesses to a range.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter of(AddressRange range) {
    return new TapFilter(range, true, true, true, 0, 0);
  }

  /**
   * The loads of a range.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter loads(AddressRange range) {
    return new TapFilter(range, true, false, false, 0, 0);
  }

  /**
   * The stores to a range.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter stores(AddressRange range) {
    return new TapFilter(range, false, true, false, 0, 0);
  }

  /**
   * The fetches of instructions from a range: a breakpoint.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter fetches(AddressRange range) {
    return new TapFilter(range, false, false, true, 0, 0);
  }

  /**
   * The same, but only for one value: a watchpoint with a data match.
   *
   * @param value what is read or written; compared in as many bits as the access has
   * @return a filter
   */
  public TapFilter matching(long value) {
    return matching(value, -1);
  }

  /**
   * The same, but only for values that agree in some bits.
   *
   * @param value what these bits must be
   * @param mask which bits
   * @return a filter
   */
  public TapFilter matching(long value, long mask) {
    return new TapFilter(range, loads, stores, fetches, mask, value);
  }

  /**
   * Whether an access passes.
   *
   * @param first its lowest address or offset, unsigned
   * @param size how many bytes, 1 to 8
   * @param access what was done
   * @param value what was read or written, zero-extended
   * @return true if the tap is told
   */
  public boolean passes(long first, int size, Access access, long value) {
    long last = first + size - 1;
    boolean touches = Long.compareUnsigned(first, range.last()) <= 0 && Long.compareUnsigned(last, range.first()) >= 0;
    return touches && tells(access) && ((value ^ data) & dataMask & -1L >>> Long.SIZE - Byte.SIZE * size) == 0;
  }

  /**
   * Whether a kind of access is told.
   *
   * @param access which
   * @return true if so, whatever its address and value
   */
  public boolean tells(Access access) {
    return switch (access) {
      case READ -> loads;
      case WRITE -> stores;
      case FETCH -> fetches;
    };
  }
}
