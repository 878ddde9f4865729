package io.flatview.dispatch.model;

import static io.flatview.dispatch.model.ModelRegion.SPACE;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Every address at which the answer may change: the edges of all regions, carried to addresses along every path. */
final class Boundaries {

  private static final int MAX_VISITS = 3_000;
  private static final int MAX_ALIASES = 100;

  /** A region seen at {@code base}, of which the offsets from {@code low} to below {@code high} can show. */
  private record Visit(ModelRegion region, BigInteger base, BigInteger low, BigInteger high) {}

  private final Painter painter;
  private final SortedSet<BigInteger> cuts = new TreeSet<>();
  private final Set<Visit> visits = new HashSet<>();
  private boolean complete = true;

  private Boundaries(Painter painter) {
    this.painter = painter;
    cuts.add(BigInteger.ZERO);
    cuts.add(SPACE);
  }

  static Boundaries of(Painter painter, ModelRegion root) {
    Boundaries boundaries = new Boundaries(painter);
    BigInteger reach = SPACE.subtract(root.address);
    boundaries.visit(new Visit(root, root.address, BigInteger.ZERO, root.size.min(reach)), 0);
    return boundaries;
  }

  /** From 0 to 2<sup>64</sup>, both included. */
  SortedSet<BigInteger> cuts() {
    return cuts;
  }

  /** Whether nothing was left out. */
  boolean complete() {
    return complete;
  }

  private void visit(Visit visit, int aliases) {
    if (visit.low.compareTo(visit.high) >= 0 || !painter.rules().shows(visit.region)) {
      return;
    }
    cuts.add(visit.base.add(visit.low));
    cuts.add(visit.base.add(visit.high));
    if (!visits.add(visit)) {
      return;
    }
    if (visits.size() > MAX_VISITS || aliases > MAX_ALIASES) {
      complete = false;
    } else if (visit.region.kind == Kind.ALIAS) {
      visit(inTarget(visit, painter.region(visit.region.target)), aliases + 1);
    } else {
      painter.childrenOf(visit.region).forEach(child -> visit(inChild(visit, child), aliases));
    }
  }

  private static Visit inChild(Visit visit, ModelRegion child) {
    BigInteger low = visit.low.subtract(child.address).max(BigInteger.ZERO);
    BigInteger high = visit.high.subtract(child.address).min(child.size);
    return new Visit(child, visit.base.add(child.address), low, high);
  }

  private Visit inTarget(Visit visit, ModelRegion target) {
    BigInteger shift = painter.rules().inTarget(visit.region, target, BigInteger.ZERO);
    BigInteger low = visit.low.add(shift).max(BigInteger.ZERO);
    BigInteger high = visit.high.add(shift).min(target.size);
    return new Visit(target, visit.base.subtract(shift), low, high);
  }
}
