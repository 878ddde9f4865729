package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.List;

/** The region that answers at an address, the offset in it, the attributes, and the regions passed from the root on. */
record Answer(ModelRegion region, BigInteger offset, Attributes attributes, List<Integer> path) {

  /** Whether another answer, {@code distance} addresses further on, belongs to the same piece of the map. */
  boolean isContinuedBy(Answer other, BigInteger distance) {
    return region == other.region
        && offset.add(distance).equals(other.offset)
        && attributes.equals(other.attributes)
        && (!attributes.unmergeable() || path.equals(other.path));
  }
}
