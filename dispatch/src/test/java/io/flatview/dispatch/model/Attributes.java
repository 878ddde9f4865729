package io.flatview.dispatch.model;

/** What holds for a piece of the map. */
record Attributes(
    boolean readOnly, boolean nonVolatile, boolean romdMode, boolean unmergeable, boolean noFetch, int dirtyLogMask) {

  static final Attributes NOTHING = new Attributes(false, false, false, false, false, 0);

  /** What a region hands down to what it contains or aliases. */
  Attributes handedDown(ModelRegion region) {
    return new Attributes(
        readOnly || region.readOnly, nonVolatile || region.nonVolatile, false, unmergeable || region.unmergeable,
        noFetch || region.noFetch, 0);
  }

  /** With what the answering region adds for itself alone. */
  Attributes answeredBy(ModelRegion region) {
    return new Attributes(readOnly, nonVolatile, region.romdMode, unmergeable, noFetch, region.dirtyLogMask);
  }
}
