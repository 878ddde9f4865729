package io.flatview.memory;

/**
 * The answer of an {@link IommuTranslator}: QEMU's {@code IOMMUTLBEntry}, filled in place so that a translation
 * allocates nothing. Owned by one reader; not to be kept.
 */
public final class IommuTlbEntry {

  private AddressSpace target;
  private long translatedAddress;
  private long addrMask;
  private boolean readable;
  private boolean writable;

  /** An entry that grants nothing. */
  public IommuTlbEntry() {
    deny();
  }

  /** Grants nothing. */
  public void deny() {
    target = null;
    translatedAddress = 0;
    addrMask = 0;
    readable = false;
    writable = false;
  }

  /**
   * Grants accesses to a block of addresses.
   *
   * @param target the address space to go on in
   * @param translatedAddress the target of any address in the block; bits under the mask are ignored
   * @param addrMask the size of the block less 1; the size is a power of two
   * @param readable whether reads are granted
   * @param writable whether writes are granted
   * @throws IllegalArgumentException if the mask is not a power of two less 1
   */
  public void grant(AddressSpace target, long translatedAddress, long addrMask, boolean readable, boolean writable) {
    if ((addrMask & (addrMask + 1)) != 0) {
      throw new IllegalArgumentException(
          "addrMask " + AddressRange.hex(addrMask) + " is not a power of two less 1; grant smaller blocks");
    }
    this.target = target;
    this.translatedAddress = translatedAddress;
    this.addrMask = addrMask;
    this.readable = readable;
    this.writable = writable;
  }

  /**
   * Where to go on.
   *
   * @return the target space, or null if nothing is granted
   */
  public AddressSpace target() {
    return target;
  }

  /**
   * The mask of the block.
   *
   * @return its size less 1
   */
  public long addrMask() {
    return addrMask;
  }

  /**
   * Whether an access is granted.
   *
   * @param access which
   * @return true if so
   */
  public boolean permits(Access access) {
    return access == Access.READ ? readable : writable;
  }

  /**
   * Moves an address into the target.
   *
   * @param address the address that was translated
   * @return the block's target address with the offset of {@code address} in the block
   */
  public long apply(long address) {
    return (translatedAddress & ~addrMask) | (address & addrMask);
  }
}
