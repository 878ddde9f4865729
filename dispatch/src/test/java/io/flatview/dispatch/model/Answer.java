package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.List;

/** Who answers at an address, where in itself, with what attributes, and which regions were passed from the root on. */
record Answer(ModelRegion region, BigInteger offset, Attributes attributes, List<Integer> path) {

  /** Whether another answer, {@code distance} addresses further on, belongs to the same piece of the map. */
  boolean isContinuedBy(Answer other, BigInteger distance) {
    return region == other.region
        && offset.add(distance).equals(other.offset)
        && attributes.equals(other.attributes)
        && (!attributes.unmergeable() || path.equals(other.path));
  }
}
