package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.Comparator;

/** Rules that are wrong in one point each. */
enum BentRules {
  FIRST_PLACED_WINS(new Rules() {
    @Override
    Comparator<ModelRegion> siblings() {
      return Comparator.comparingInt((ModelRegion region) -> -region.priority)
          .thenComparingLong(region -> region.placedAt);
    }
  }),
  LOWEST_PRIORITY_WINS(new Rules() {
    @Override
    Comparator<ModelRegion> siblings() {
      return Comparator.comparingInt((ModelRegion region) -> region.priority)
          .thenComparingLong(region -> -region.placedAt);
    }
  }),
  DISABLED_SHOWS(new Rules() {
    @Override
    boolean shows(ModelRegion region) {
      return true;
    }
  }),
  TARGET_OFFSET_IS_IGNORED(new Rules() {
    @Override
    BigInteger inTarget(ModelRegion alias, ModelRegion target, BigInteger offset) {
      return offset;
    }
  }),
  PLACE_OF_TARGET_COUNTS(new Rules() {
    @Override
    BigInteger inTarget(ModelRegion alias, ModelRegion target, BigInteger offset) {
      return offset.add(alias.targetOffset).subtract(target.address);
    }
  }),
  FLAGS_ARE_NOT_INHERITED(new Rules() {
    @Override
    Attributes through(Attributes above, ModelRegion region) {
      return Attributes.NOTHING.handedDown(region);
    }
  }),
  PARENT_HIDES_CHILDREN(new Rules() {
    @Override
    boolean parentHidesChildren() {
      return true;
    }
  });

  final Rules rules;

  BentRules(Rules rules) {
    this.rules = rules;
  }
}
