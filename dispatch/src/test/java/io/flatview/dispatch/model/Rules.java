package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.Comparator;

/** The textbook rules, each in a method of its own so that a test can bend one and see that it is noticed. */
class Rules {

  /** Higher priority first, and of equals the one placed last. */
  Comparator<ModelRegion> siblings() {
    return Comparator.comparingInt((ModelRegion region) -> region.priority)
        .thenComparingLong(region -> region.placedAt)
        .reversed();
  }

  /** A disabled region shows nothing, nor does anything that it contains. */
  boolean shows(ModelRegion region) {
    return region.enabled;
  }

  /** An alias shows its target from the target offset on; where the target is placed does not matter. */
  BigInteger inTarget(ModelRegion alias, ModelRegion target, BigInteger offset) {
    return offset.add(alias.targetOffset);
  }

  /** Flags are inherited through containers and aliases. */
  Attributes through(Attributes above, ModelRegion region) {
    return above.handedDown(region);
  }

  /** Children hide what their parent has itself. */
  boolean parentHidesChildren() {
    return false;
  }
}
