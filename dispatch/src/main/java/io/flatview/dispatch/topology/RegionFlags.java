package io.flatview.dispatch.topology;

/**
 * The flags of a region. Most regions have none, and share one object.
 *
 * @param readOnly whether stores are refused
 * @param nonVolatile whether the content is kept
 * @param unmergeable whether sections stay apart
 * @param noFetch whether fetches are refused
 * @param dirtyLogMask the dirty clients that log stores
 */
record RegionFlags(boolean readOnly, boolean nonVolatile, boolean unmergeable, boolean noFetch, int dirtyLogMask) {

  static final RegionFlags NONE = new RegionFlags(false, false, false, false, 0);
  static final RegionFlags READ_ONLY = NONE.withReadOnly(true);

  RegionFlags withReadOnly(boolean next) {
    return new RegionFlags(next, nonVolatile, unmergeable, noFetch, dirtyLogMask);
  }

  RegionFlags withNonVolatile(boolean next) {
    return new RegionFlags(readOnly, next, unmergeable, noFetch, dirtyLogMask);
  }

  RegionFlags withUnmergeable(boolean next) {
    return new RegionFlags(readOnly, nonVolatile, next, noFetch, dirtyLogMask);
  }

  RegionFlags withNoFetch(boolean next) {
    return new RegionFlags(readOnly, nonVolatile, unmergeable, next, dirtyLogMask);
  }

  RegionFlags withDirtyLogMask(int next) {
    return new RegionFlags(readOnly, nonVolatile, unmergeable, noFetch, next);
  }

  boolean isSameAs(RegionFlags other) {
    return readOnly == other.readOnly && nonVolatile == other.nonVolatile && unmergeable == other.unmergeable
        && noFetch == other.noFetch && dirtyLogMask == other.dirtyLogMask;
  }
}
