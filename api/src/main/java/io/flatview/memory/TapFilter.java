package io.flatview.memory;

/**
 * Which accesses a tap is told of.
 *
 * @param range which bytes; an access is told if it touches one of them. Addresses for a tap on an address space,
 *     offsets for a tap on a region
 * @param loads whether loads are told
 * @param stores whether stores are told
 * @param dataMask which bits of the value are compared; 0 for none
 * @param data what they must be
 */
public record TapFilter(AddressRange range, boolean loads, boolean stores, long dataMask, long data) {

  /**
   * Checks that something can match.
   *
   * @throws IllegalArgumentException if neither loads nor stores are told
   * @throws NullPointerException if the range is null
   */
  public TapFilter {
    if (!loads && !stores) {
      throw new IllegalArgumentException("a tap on " + range + " that is told of neither loads nor stores");
    }
  }

  /**
   * All accesses to a range.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter of(AddressRange range) {
    return new TapFilter(range, true, true, 0, 0);
  }

  /**
   * The loads of a range.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter loads(AddressRange range) {
    return new TapFilter(range, true, false, 0, 0);
  }

  /**
   * The stores to a range.
   *
   * @param range which bytes
   * @return a filter
   */
  public static TapFilter stores(AddressRange range) {
    return new TapFilter(range, false, true, 0, 0);
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
    return new TapFilter(range, loads, stores, mask, value);
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
    boolean wanted = access.writes() ? stores : loads;
    return touches && wanted && ((value ^ data) & dataMask & -1L >>> Long.SIZE - Byte.SIZE * size) == 0;
  }
}
