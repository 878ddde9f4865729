package io.flatview.dispatch.model;

import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The views of all address spaces of a map, as far as they can be had.
 *
 * @param views by the number of the space
 * @param unbounded whether it is certain, of each space whose aliases do not come to an end, that they never do
 */
record Painted(NavigableMap<Integer, List<ModelSection>> views, Set<Boolean> unbounded) {

  static Painted of(ModelMap map, Rules rules) {
    Painted painted = new Painted(new TreeMap<>(), new TreeSet<>());
    map.spaces.forEach((space, root) -> {
      try {
        painted.views.put(space, new Painter(map, rules).paint(root));
      } catch (UnboundedException e) {
        painted.unbounded.add(e.certain);
      }
    });
    return painted;
  }

  boolean isBounded() {
    return unbounded.isEmpty();
  }

  /** Must be refused; neither this nor bounded is a map that the model cannot judge. */
  boolean isEndless() {
    return unbounded.contains(true) && !unbounded.contains(false);
  }
}
