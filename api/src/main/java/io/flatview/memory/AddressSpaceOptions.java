package io.flatview.memory;

/**
 * What an address space does beyond what its root shows.
 *
 * @param addressBits how many address lines the bus has, 1 to 64; an initiator's higher bits are ignored, so the byte
 *     behind the last address is that at address 0. With 64, which is the default, a narrower root ends at its last
 *     byte, and what lies beyond is a hole
 */
public record AddressSpaceOptions(int addressBits) {

  /** All 64 address lines. */
  public static final AddressSpaceOptions DEFAULT = new AddressSpaceOptions(Long.SIZE);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException unless the address has 1 to 64 bits
   */
  public AddressSpaceOptions {
    if (addressBits < 1 || addressBits > Long.SIZE) {
      throw new IllegalArgumentException("addresses of " + addressBits + " bits; 1 to 64 are possible");
    }
  }

  /**
   * The same with another width of addresses: 16 for a bus of 64 KiB, on which an access at its last byte goes on at
   * its first.
   *
   * @param bits how many address lines the bus has, 1 to 64
   * @return new options
   */
  public AddressSpaceOptions withAddressBits(int bits) {
    return new AddressSpaceOptions(bits);
  }

  /**
   * The last address of the bus.
   *
   * @return 2<sup>addressBits</sup> - 1, unsigned; also the mask of the bits that count
   */
  public long lastAddress() {
    return -1L >>> Long.SIZE - addressBits;
  }
}
