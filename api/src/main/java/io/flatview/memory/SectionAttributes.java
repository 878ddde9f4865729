package io.flatview.memory;

/**
 * The flags of a section: those of its region, and those inherited from containers and aliases between the root and the
 * region.
 *
 * @param readOnly writes are refused: by the region itself, or by a container or alias above it
 * @param nonVolatile the memory is marked as keeping its content, by the region or above it
 * @param romdMode the region is a ROM device whose reads go to its memory
 * @param unmergeable the section is never joined with a neighbour, as set in the region or above it
 * @param noFetch fetches of instructions are refused, by the region or above it
 * @param dirtyLogMask the bits of the dirty clients that log the region; listeners see no difference between sections
 *     that differ only in this mask
 * @param banked the sections that a bank shows there under each selection; {@link BankedSections#NOTHING} for any other
 *     region
 */
public record SectionAttributes(
    boolean readOnly, boolean nonVolatile, boolean romdMode, boolean unmergeable, boolean noFetch, int dirtyLogMask,
    BankedSections banked) {

  /** Attributes without any flag. */
  public static final SectionAttributes NONE = new SectionAttributes(false, false, false, false, false, 0);

  /**
   * Makes the attributes of a section that is not a bank's.
   *
   * @param readOnly writes are refused
   * @param nonVolatile the memory is marked as keeping its content
   * @param romdMode the region is a ROM device whose reads go to its memory
   * @param unmergeable the section is never joined with a neighbour
   * @param noFetch fetches are refused
   * @param dirtyLogMask the clients that log the region
   */
  public SectionAttributes(
      boolean readOnly, boolean nonVolatile, boolean romdMode, boolean unmergeable, boolean noFetch,
      int dirtyLogMask) {
    this(readOnly, nonVolatile, romdMode, unmergeable, noFetch, dirtyLogMask, BankedSections.NOTHING);
  }

  /**
   * Whether all attributes but the dirty mask are equal, so that listeners see no difference.
   *
   * @param other the other attributes
   * @return true if alike
   */
  public boolean alike(SectionAttributes other) {
    return readOnly == other.readOnly
        && nonVolatile == other.nonVolatile
        && romdMode == other.romdMode
        && unmergeable == other.unmergeable
        && noFetch == other.noFetch
        && banked.equals(other.banked);
  }
}
