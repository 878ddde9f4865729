package io.flatview.iommu.riscv;

import io.flatview.memory.AddressRange;

/**
 * What an IOMMU announces: the {@code capabilities} register (section 5.3). It always has version 1.0, wired
 * interrupts, one endianness (little) and physical addresses of 56 bits.
 *
 * @param features a set of the constants
 */
public record Capabilities(long features) {

  /** First stage with 39 bits. */
  public static final long SV39 = 1L << 9;
  /** First stage with 48 bits; needs {@link #SV39}. */
  public static final long SV48 = 1L << 10;
  /** First stage with 57 bits; needs {@link #SV48}. */
  public static final long SV57 = 1L << 11;
  /** Second stage with 41 bits. */
  public static final long SV39X4 = 1L << 17;
  /** Second stage with 50 bits; needs {@link #SV39X4}. */
  public static final long SV48X4 = 1L << 18;
  /** Second stage with 59 bits; needs {@link #SV48X4}. */
  public static final long SV57X4 = 1L << 19;
  /** MSI page tables, and with them device contexts of the extended format. */
  public static final long MSI_FLAT = 1L << 22;
  /** Accessed and dirty bits are updated by the IOMMU where a device context asks for it. */
  public static final long AMO_HWAD = 1L << 24;
  /** Process directories of one level. */
  public static final long PD8 = 1L << 38;
  /** Process directories of two levels. */
  public static final long PD17 = 1L << 39;
  /** Process directories of three levels. */
  public static final long PD20 = 1L << 40;

  /** Everything that this model can do. */
  public static final Capabilities ALL = new Capabilities(Capabilities.KNOWN);

  static final int PHYSICAL_BITS = 56;

  private static final long KNOWN =
      SV39 | SV48 | SV57 | SV39X4 | SV48X4 | SV57X4 | MSI_FLAT | AMO_HWAD | PD8 | PD17 | PD20;
  private static final long VERSION_1_0 = 0x10;
  private static final long WIRED_INTERRUPTS = 1L << 28;
  private static final long FIXED = VERSION_1_0 | WIRED_INTERRUPTS | (long) PHYSICAL_BITS << 32;

  /**
   * Checks the set.
   *
   * @throws IllegalArgumentException if it holds what this model cannot do, or misses what a member needs
   */
  public Capabilities {
    long unknown = features & ~KNOWN;
    if (unknown != 0) {
      throw new IllegalArgumentException(
          "capabilities " + AddressRange.hex(unknown) + " are unknown to this model; it can do the named constants");
    }
    need(features, SV48, SV39, "Sv48 without Sv39");
    need(features, SV57, SV48, "Sv57 without Sv48");
    need(features, SV48X4, SV39X4, "Sv48x4 without Sv39x4");
    need(features, SV57X4, SV48X4, "Sv57x4 without Sv48x4");
  }

  private static void need(long features, long feature, long needed, String what) {
    if ((features & feature) != 0 && (features & needed) == 0) {
      throw new IllegalArgumentException("capabilities with " + what + "; announce both");
    }
  }

  /**
   * The same with less.
   *
   * @param removed a set of the constants
   * @return what is left
   */
  public Capabilities without(long removed) {
    return new Capabilities(features & ~removed);
  }

  boolean has(long feature) {
    return (features & feature) == feature;
  }

  long register() {
    return features | FIXED;
  }
}
