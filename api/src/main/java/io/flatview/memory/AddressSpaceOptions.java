package io.flatview.memory;

import java.util.Objects;

/**
 * The properties of an address space that its root does not determine. Addresses are those of bytes: a bus that
 * addresses words shifts its own to the left.
 *
 * @param addressBits the number of address lines of the bus, 1 to 64; an initiator's higher bits are ignored, so the
 *     byte behind the last address is that at address 0. With 64, which is the default, a narrower root ends at its
 *     last byte, and the addresses beyond are a hole
 * @param openBus the value that loads of holes read; a debugger's look, and an access that an IOMMU refuses, read 0 in
 *     any case
 */
public record AddressSpaceOptions(int addressBits, OpenBus openBus) {

  /** All 64 address lines. */
  public static final AddressSpaceOptions DEFAULT = new AddressSpaceOptions(Long.SIZE, OpenBus.ZEROS);

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException unless the address has 1 to 64 bits
   * @throws NullPointerException if {@code openBus} is null
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
   * @param bits the number of address lines of the bus, 1 to 64
   * @return a copy of these options with that change
   */
  public AddressSpaceOptions withAddressBits(int bits) {
    return new AddressSpaceOptions(bits, openBus);
  }

  /**
   * The same with another answer of holes.
   *
   * @param answer the value that loads of holes read
   * @return a copy of these options with that change
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
