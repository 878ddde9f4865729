package io.flatview.iommu.riscv;

import io.flatview.memory.AddressRange;
import java.util.Objects;

/**
 * The features that an IOMMU announces: the {@code capabilities} register (section 5.3). It always has version 1.0 and
 * one endianness, little.
 *
 * @param features the features, a union of the constants of this class
 * @param physicalBits the width of physical addresses in bits: {@code PAS}, 32 to 56
 * @param interrupts the ways in which the IOMMU may signal its own interrupts
 */
public record Capabilities(long features, int physicalBits, InterruptGeneration interrupts) {

  /** First stage with 39 bits. */
  public static final long SV39 = 1L << 9;
  /** First stage with 48 bits; needs {@link #SV39}. */
  public static final long SV48 = 1L << 10;
  /** First stage with 57 bits; needs {@link #SV48}. */
  public static final long SV57 = 1L << 11;
  /**
   * Memory types in page tables. They are checked, and reported by the debug interface; nothing else depends on them.
   */
  public static final long SVPBMT = 1L << 15;
  /** Second stage with 41 bits. */
  public static final long SV39X4 = 1L << 17;
  /** Second stage with 50 bits. */
  public static final long SV48X4 = 1L << 18;
  /** Second stage with 59 bits. */
  public static final long SV57X4 = 1L << 19;
  /** Memory-resident interrupt files are updated by atomic operations. */
  public static final long AMO_MRIF = 1L << 21;
  /** MSI page tables, and with them device contexts of the extended format. */
  public static final long MSI_FLAT = 1L << 22;
  /** Memory-resident interrupt files, as entries of MSI page tables. */
  public static final long MSI_MRIF = 1L << 23;
  /** Accessed and dirty bits are updated by the IOMMU where a device context asks for it. */
  public static final long AMO_HWAD = 1L << 24;
  /** A performance monitor. */
  public static final long HPM = 1L << 30;
  /** The translation-request interface for debugging. */
  public static final long DBG = 1L << 31;
  /** Process directories of one level. */
  public static final long PD8 = 1L << 38;
  /** Process directories of two levels. */
  public static final long PD17 = 1L << 39;
  /** Process directories of three levels. */
  public static final long PD20 = 1L << 40;

  /** All features of this model. */
  public static final Capabilities ALL = new Capabilities(Capabilities.KNOWN);

  private static final int LEAST_PHYSICAL_BITS = 32;
  private static final int MOST_PHYSICAL_BITS = 56;

  private static final long KNOWN =
      SV39 | SV48 | SV57 | SVPBMT | SV39X4 | SV48X4 | SV57X4 | AMO_MRIF | MSI_FLAT | MSI_MRIF | AMO_HWAD | HPM | DBG
          | PD8 | PD17 | PD20;
  private static final long VERSION_1_0 = 0x10;
  private static final int IGS_SHIFT = 28;
  private static final int PAS_SHIFT = 32;

  /**
   * Checks the set.
   *
   * @throws IllegalArgumentException if {@code features} has a bit that is unknown to this model, or lacks a feature
   *     that another one needs, or if {@code physicalBits} is not 32 to 56
   */
  public Capabilities {
    Objects.requireNonNull(interrupts, "interrupts");
    long unknown = features & ~KNOWN;
    if (unknown != 0) {
      throw new IllegalArgumentException(
          "capabilities " + AddressRange.hex(unknown) + " are unknown to this model; it can do the named constants");
    }
    need(features, SV48, SV39, "Sv48 without Sv39");
    need(features, SV57, SV48, "Sv57 without Sv48");
    if (physicalBits < LEAST_PHYSICAL_BITS || physicalBits > MOST_PHYSICAL_BITS) {
      throw new IllegalArgumentException("physical addresses of " + physicalBits + " bits; "
          + LEAST_PHYSICAL_BITS + " to " + MOST_PHYSICAL_BITS + " are possible");
    }
  }

  /**
   * Features, with physical addresses of 56 bits, and interrupts by wires and messages.
   *
   * @param features the features, a union of the constants of this class
   */
  public Capabilities(long features) {
    this(features, MOST_PHYSICAL_BITS, InterruptGeneration.BOTH);
  }

  private static void need(long features, long feature, long needed, String what) {
    if ((features & feature) != 0 && (features & needed) == 0) {
      throw new IllegalArgumentException("capabilities with " + what + "; announce both");
    }
  }

  /**
   * The same without some features.
   *
   * @param removed the features to leave out, a union of the constants of this class
   * @return the remaining capabilities
   * @throws IllegalArgumentException if a remaining feature needs one that is left out
   */
  public Capabilities without(long removed) {
    return new Capabilities(features & ~removed, physicalBits, interrupts);
  }

  /**
   * The same with physical addresses of another width.
   *
   * @param bits the width of physical addresses in bits, 32 to 56
   * @return new capabilities
   * @throws IllegalArgumentException if the width is another
   */
  public Capabilities withPhysicalBits(int bits) {
    return new Capabilities(features, bits, interrupts);
  }

  /**
   * The same with interrupts signalled in other ways.
   *
   * @param ways the ways in which the IOMMU may signal its own interrupts: messages, wires, or both
   * @return new capabilities
   */
  public Capabilities withInterrupts(InterruptGeneration ways) {
    return new Capabilities(features, physicalBits, ways);
  }

  boolean has(long feature) {
    return (features & feature) == feature;
  }

  /** The bits that a physical address may have. */
  long physicalMask() {
    return (1L << physicalBits) - 1;
  }

  /** Whether an address has the width of physical addresses; the IOMMU accesses no other, even if memory is there. */
  boolean reaches(long address) {
    return (address & ~physicalMask()) == 0;
  }

  /** The bits of a physical page number that a register can hold: 53:10 or fewer. */
  long registerPages() {
    return physicalMask() >>> 12 << 10;
  }

  /** The width of a process's number: as in the largest directory, or as in the smallest if none is announced. */
  int processBits() {
    if (has(PD20)) {
      return 20;
    }
    return has(PD17) ? 17 : 8;
  }

  long register() {
    return features | VERSION_1_0 | interrupts.encoding() << IGS_SHIFT | (long) physicalBits << PAS_SHIFT;
  }
}
