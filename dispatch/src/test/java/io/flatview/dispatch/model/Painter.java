package io.flatview.dispatch.model;

import static io.flatview.dispatch.model.ModelRegion.NONE;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** Finds the region that answers at an address by asking down the tree, one address at a time. */
final class Painter {

  /** No more aliases of aliases than any implementation must follow. */
  private static final int DEEP = 400;

  /** Deep enough for a map without end to have come back to where it was. */
  private static final int ENDLESS = 600;

  private static final int MAX_STEPS = 20_000;

  /** At how many boundaries a map that is too large is looked at. */
  private static final int PROBES = 40;

  /** An alias that was entered, and where. */
  private record Passed(ModelRegion alias, BigInteger offset) {}

  private final ModelMap map;
  private final Rules rules;
  private final Map<Integer, List<ModelRegion>> children = new HashMap<>();
  private final List<Integer> path = new ArrayList<>();
  private final List<Passed> aliases = new ArrayList<>();
  private int deepest;
  private int steps;

  Painter(ModelMap map, Rules rules) {
    this.map = map;
    this.rules = rules;
    for (ModelRegion region : map.regions.values()) {
      if (region.parent != NONE) {
        children.computeIfAbsent(region.parent, _ -> new ArrayList<>()).add(region);
      }
    }
    children.values().forEach(siblings -> siblings.sort(rules.siblings()));
  }

  Rules rules() {
    return rules;
  }

  ModelRegion region(int id) {
    return map.region(id);
  }

  List<ModelRegion> childrenOf(ModelRegion parent) {
    return children.getOrDefault(parent.id, List.of());
  }

  /** The answer, or null for a hole. */
  Answer ask(int root, BigInteger address) {
    ModelRegion region = map.region(root);
    steps = 0;
    aliases.clear();
    path.clear();
    Answer answer = ask(region, address.subtract(region.address), Attributes.NOTHING);
    if (deepest > DEEP) {
      throw new UnboundedException(false);
    }
    return answer;
  }

  private Answer ask(ModelRegion region, BigInteger offset, Attributes above) {
    if (!rules.shows(region) || !region.holds(offset)) {
      return null;
    }
    if (++steps > MAX_STEPS) {
      throw new UnboundedException(false);
    }
    path.add(region.id);
    Attributes attributes = rules.through(above, region);
    Answer answer = region.kind == Kind.ALIAS
        ? askTarget(region, offset, attributes)
        : askParent(region, offset, attributes);
    path.removeLast();
    return answer;
  }

  private Answer askTarget(ModelRegion alias, BigInteger offset, Attributes attributes) {
    Passed entered = new Passed(alias, offset);
    if (aliases.size() == ENDLESS) {
      throw new UnboundedException(aliases.contains(entered));
    }
    aliases.add(entered);
    deepest = Math.max(deepest, aliases.size());
    ModelRegion target = map.region(alias.target);
    Answer answer = ask(target, rules.inTarget(alias, target, offset), attributes);
    aliases.removeLast();
    return answer;
  }

  private Answer askParent(ModelRegion parent, BigInteger offset, Attributes attributes) {
    if (rules.parentHidesChildren() && parent.kind.answers()) {
      return answer(parent, offset, attributes);
    }
    for (ModelRegion child : childrenOf(parent)) {
      Answer answer = ask(child, offset.subtract(child.address), attributes);
      if (answer != null) {
        return answer;
      }
    }
    return parent.kind.answers() ? answer(parent, offset, attributes) : null;
  }

  private Answer answer(ModelRegion region, BigInteger offset, Attributes attributes) {
    return new Answer(region, offset, attributes.answeredBy(region), List.copyOf(path));
  }

  /** The longest ranges that continue themselves, in ascending order. */
  List<ModelSection> paint(int root) {
    Boundaries boundaries = Boundaries.of(this, map.region(root));
    if (!boundaries.complete()) {
      throw new UnboundedException(isEndless(root, boundaries.cuts()));
    }
    Painting painting = new Painting();
    BigInteger first = null;
    for (BigInteger cut : boundaries.cuts()) {
      if (first != null) {
        BigInteger last = cut.subtract(BigInteger.ONE);
        painting.add(first, last, askThroughout(root, first, last));
      }
      first = cut;
    }
    return painting.sections();
  }

  /** Whether some of many boundaries show for certain that an alias leads back to itself. */
  private boolean isEndless(int root, SortedSet<BigInteger> cuts) {
    int every = 1 + cuts.size() / PROBES;
    int at = 0;
    for (BigInteger cut : cuts) {
      if (at++ % every == 0 && cut.signum() > 0 && isEndless(root, cut.subtract(BigInteger.ONE))) {
        return true;
      }
    }
    return false;
  }

  private boolean isEndless(int root, BigInteger address) {
    try {
      ask(root, address);
      return false;
    } catch (UnboundedException e) {
      return e.certain;
    }
  }

  /** The answer at the first of a run of addresses, which must hold to the last of them. */
  private Answer askThroughout(int root, BigInteger first, BigInteger last) {
    Answer atFirst = ask(root, first);
    Answer atLast = first.equals(last) ? atFirst : ask(root, last);
    boolean same = atFirst == null
        ? atLast == null
        : atLast != null
            && atFirst.isContinuedBy(atLast, last.subtract(first))
            && atFirst.path().equals(atLast.path());
    if (!same) {
      throw new AssertionError(
          "the model lacks a boundary between " + first.toString(16) + " and " + last.toString(16));
    }
    return atFirst;
  }
}
