package io.flatview.memory;

import java.util.Objects;

/**
 * The properties of an address space that its root does not determine. Addresses are those of bytes: a bus that
 * addresses words shifts its own to the left.
 *
 * @param addressBits the number of address lines of the bus, 1 to 64; higher bits of an address are ignored, so an
 *     access that passes the last address goes on at address 0. With all 64, the default, addresses beyond a smaller
 *     root are a hole. The root must lie within these addresses: a transaction that places, moves or grows it beyond
 *     them is refused. An alias, which has a place and a size of its own, can show such a region
 * @param openBus the value that loads of holes and of {@linkplain MemoryRegion.Reserved reserved} regions read; a
 *     {@linkplain MapReader#peek debugger's read}, and an access that an IOMMU refuses, read 0 in any case
 */
public record AddressSpaceOptions(int addressBits, OpenBus openBus) {

  /** The default options: 64 address lines, and holes that read as 0. */
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
   * Returns a copy with another number of address lines, such as 16 for a bus of 64 KiB.
   *
   * @param bits the number of address lines of the bus, 1 to 64
   * @return a copy of these options with that change
   */
  public AddressSpaceOptions withAddressBits(int bits) {
    return new AddressSpaceOptions(bits, openBus);
  }

  /**
   * Returns a copy with another value for loads of holes.
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
   * @return 2<sup>addressBits</sup> - 1, unsigned; also the mask of the address bits that are decoded
   */
  public long lastAddress() {
    return -1L >>> Long.SIZE - addressBits;
  }
}
