package io.flatview.memory;

import java.util.Objects;

/**
 * What an address space does beyond what its root shows.
 *
 * @param addressBits how many address lines the bus has, 1 to 64; an initiator's higher bits are ignored, so the byte
 *     behind the last address is that at address 0. With 64, which is the default, a narrower root ends at its last
 *     byte, and what lies beyond is a hole
 * @param openBus what holes answer to loads; a debugger's look and what an IOMMU refuses read as 0 in any case
 */
public record AddressSpaceOptions(int addressBits, OpenBus openBus) {

  /** All 64 address lines. */
  public static final AddressSpaceOptions DEFAULT = new AddressSpaceOptions(Long.SIZE, OpenBus.ZEROS);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException unless the address has 1 to 64 bits
   * @throws NullPointerException if there is no answer
   */
  public AddressSpaceOptions {
    Objects.requireNonNull(openBus, "openBus");
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
    return new AddressSpaceOptions(bits, openBus);
  }

  /**
   * The same with another answer of holes.
   *
   * @param answer to loads where nothing answers
   * @return new options
   */
  public AddressSpaceOptions withOpenBus(OpenBus answer) {
    return new AddressSpaceOptions(addressBits, answer);
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
