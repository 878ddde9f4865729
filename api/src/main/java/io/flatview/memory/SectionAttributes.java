package io.flatview.memory;

/**
 * The flags of a piece of the map: those inherited on the way from the root, and those of its region.
 *
 * @param readOnly writes are refused: by the region itself, or by any container or alias on the way
 * @param nonVolatile the memory is marked as keeping its content, by the region or on the way
 * @param romdMode the region is a ROM device whose reads go to its memory
 * @param unmergeable the section is never joined with a neighbour, by the region or on the way
 * @param noFetch fetches of instructions are refused, by the region or on the way
 * @param dirtyLogMask the dirty-memory clients that log the region; not part of what makes two sections differ for
 *     listeners
 * @param banked the sections that a bank shows there under each selection; {@link BankedSections#NOTHING} for any other
 *     region
 */
public record SectionAttributes(
    boolean readOnly, boolean nonVolatile, boolean romdMode, boolean unmergeable, boolean noFetch, int dirtyLogMask,
    BankedSections banked) {

  /** Nothing set. */
  public static final SectionAttributes NONE = new SectionAttributes(false, false, false, false, false, 0);

  /**
   * The attributes of a section that is no bank's.
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
   * Whether a listener sees no difference: all but the dirty mask is the same.
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
