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
  private long reason;
  private long detail;

  /** An entry that grants nothing. */
  public IommuTlbEntry() {
    deny();
  }

  /** Grants nothing. */
  public void deny() {
    deny(0);
  }

  /**
   * Grants nothing in a whole block of addresses.
   *
   * @param addrMask the size of the block less 1; the size is a power of two
   */
  public void deny(long addrMask) {
    deny(addrMask, 0, 0);
  }

  /**
   * Grants nothing, and keeps two words for {@link IommuTranslator#refused}.
   *
   * @param addrMask the size of the block in which nothing is granted, less 1; the size is a power of two
   * @param reason what the translator needs to record the fault; of its own making
   * @param detail more of the same
   * @throws IllegalArgumentException if the mask is not a power of two less 1
   */
  public void deny(long addrMask, long reason, long detail) {
    this.addrMask = checked(addrMask);
    this.reason = reason;
    this.detail = detail;
    target = null;
    translatedAddress = 0;
    readable = false;
    writable = false;
  }

  private static long checked(long addrMask) {
    if ((addrMask & (addrMask + 1)) != 0) {
      throw new IllegalArgumentException(
          "addrMask " + AddressRange.hex(addrMask) + " is not a power of two less 1; grant smaller blocks");
    }
    return addrMask;
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
    this.addrMask = checked(addrMask);
    this.target = target;
    this.translatedAddress = translatedAddress;
    this.readable = readable;
    this.writable = writable;
    reason = 0;
    detail = 0;
  }

  /**
   * The first word that was left with a denial.
   *
   * @return 0 unless something was denied with a reason
   */
  public long reason() {
    return reason;
  }

  /**
   * The second word that was left with a denial.
   *
   * @return 0 unless something was denied with a reason
   */
  public long detail() {
    return detail;
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
