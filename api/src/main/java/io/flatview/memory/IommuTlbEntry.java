package io.flatview.memory;

import java.util.Objects;

/**
 * The answer of an {@link IommuTranslator}: QEMU's {@code IOMMUTLBEntry}, filled in place so that a translation
 * allocates nothing. It belongs to one reader; translators must not keep it.
 */
public final class IommuTlbEntry {

  private static final int WRITABLE = Access.WRITE.bit();
  private static final int READ_AND_FETCH = Access.READ.bit() | Access.FETCH.bit();
  private static final int PERMISSIONS = READ_AND_FETCH | WRITABLE;
  private static final int GRANTED = 1 << 3;
  private static final int REUSABLE = 1 << 4;
  private static final int REASONED = 1 << 5;

  /** Which of the other fields are valid: so that filling an entry need not write all fields. */
  private int state;

  private AddressSpace target;
  private long translatedAddress;
  private long addrMask;
  private long reason;
  private long detail;
  private InvalidationSequence sequence;
  private long seen;

  /** An entry that grants nothing. */
  public IommuTlbEntry() {}

  /** Grants nothing. */
  public void deny() {
    state = 0;
    addrMask = 0;
  }

  /** Grants nothing, and drops all references. */
  public void clear() {
    deny();
    target = null;
    sequence = null;
  }

  /**
   * Grants nothing in a whole block of addresses.
   *
   * @param addrMask the size of the block less 1; the size is a power of two
   */
  public void deny(long addrMask) {
    this.addrMask = checked(addrMask);
    state = 0;
  }

  /**
   * Grants nothing, and stores two values for {@link IommuTranslator#refused}.
   *
   * @param addrMask the size of the block in which nothing is granted, less 1; the size is a power of two
   * @param reason a value of the translator's own, for recording the fault
   * @param detail a second such value
   * @throws IllegalArgumentException if the mask is not a power of two less 1
   */
  public void deny(long addrMask, long reason, long detail) {
    this.addrMask = checked(addrMask);
    this.reason = reason;
    this.detail = detail;
    state = REASONED;
  }

  private static long checked(long addrMask) {
    if ((addrMask & (addrMask + 1)) != 0) {
      throw new IllegalArgumentException(
          "addrMask " + AddressRange.hex(addrMask) + " is not a power of two less 1; grant smaller blocks");
    }
    return addrMask;
  }

  /**
   * Grants accesses to a block of addresses, fetches as well as reads: for IOMMUs that do not distinguish them.
   *
   * @param target the address space to which the block is mapped
   * @param translatedAddress the target of any address in the block; bits under the mask are ignored
   * @param addrMask the size of the block less 1; the size is a power of two
   * @param readable whether reads and fetches are granted
   * @param writable whether writes are granted
   * @throws IllegalArgumentException if the mask is not a power of two less 1
   * @throws NullPointerException if there is no target
   */
  public void grant(AddressSpace target, long translatedAddress, long addrMask, boolean readable, boolean writable) {
    grant(target, translatedAddress, addrMask, (readable ? READ_AND_FETCH : 0) | (writable ? WRITABLE : 0));
  }

  /**
   * Grants accesses to a block of addresses.
   *
   * @param target the address space to which the block is mapped
   * @param translatedAddress the target of any address in the block; bits under the mask are ignored
   * @param addrMask the size of the block less 1; the size is a power of two
   * @param permissions the {@linkplain Access#bit() bits} of the accesses that are granted; others are ignored
   * @throws IllegalArgumentException if the mask is not a power of two less 1
   * @throws NullPointerException if there is no target
   */
  public void grant(AddressSpace target, long translatedAddress, long addrMask, int permissions) {
    this.addrMask = checked(addrMask);
    if (this.target != target || target == null) {
      this.target = Objects.requireNonNull(target, "a grant without a target; use deny()");
    }
    this.translatedAddress = translatedAddress;
    state = GRANTED | permissions & PERMISSIONS;
  }

  /**
   * Allows the reader to cache this answer: for all addresses of the block, for granted accesses with the same table
   * index, in this section and later ones, until the sequence advances. A translator that must see every access does
   * not call this.
   *
   * @param changes the sequence that advances after each change that concerns the answer
   * @param number its {@linkplain InvalidationSequence#current() current} number, taken before any of the mappings that
   *     make up the answer were read
   */
  public void reusableWhile(InvalidationSequence changes, long number) {
    if (sequence != changes) {
      sequence = changes;
    }
    seen = number;
    state |= REUSABLE;
  }

  /** Undoes {@link #reusableWhile}: the translator is called for each access, such as to count accesses. */
  public void askEachTime() {
    state &= ~REUSABLE;
  }

  /**
   * Whether the cached answer may still be used.
   *
   * @return false once the sequence has advanced, or if the translator did not allow it
   */
  public boolean isReusable() {
    return (state & REUSABLE) != 0 && sequence.isCurrent(seen);
  }

  /**
   * The first value of the last denial.
   *
   * @return 0 unless it was denied with a reason
   */
  public long reason() {
    return (state & REASONED) != 0 ? reason : 0;
  }

  /**
   * The second value of the last denial.
   *
   * @return 0 unless it was denied with a reason
   */
  public long detail() {
    return (state & REASONED) != 0 ? detail : 0;
  }

  /**
   * The address space to which the block is mapped.
   *
   * @return the target space, or null if nothing is granted
   */
  public AddressSpace target() {
    return (state & GRANTED) != 0 ? target : null;
  }

  /**
   * The mask of the block.
   *
   * @return the size of the block less 1
   */
  public long addrMask() {
    return addrMask;
  }

  /**
   * Whether an access is granted.
   *
   * @param access the kind of access
   * @return true if it is granted
   */
  public boolean permits(Access access) {
    return (state & access.bit()) != 0;
  }

  /**
   * Whether any access is granted.
   *
   * @return false if all are refused
   */
  public boolean permitsAny() {
    return (state & PERMISSIONS) != 0;
  }

  /**
   * Translates an address.
   *
   * @param address the address that was translated
   * @return the block's target address with the offset of {@code address} in the block
   */
  public long apply(long address) {
    return (translatedAddress & ~addrMask) | (address & addrMask);
  }
}
