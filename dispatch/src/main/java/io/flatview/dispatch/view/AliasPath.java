package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** The aliases that a rendering has entered and not left, and those that it has rendered completely. */
final class AliasPath {

  /** The depth to which aliases may nest: more than any machine has, and less than a thread's stack can take. */
  static final int MAX_DEPTH = 512;

  private static final int NAMED = 8;

  /** An alias, and the part of it that can show. */
  record Entry(RegionNode.AliasNode alias, VisiblePart part) {}

  private final Deque<Entry> path = new ArrayDeque<>();
  private final Set<Entry> done = new HashSet<>();

  boolean isEmpty() {
    return path.isEmpty();
  }

  /** Whether all that an alias could add has been rendered. */
  boolean isDone(Entry entry) {
    return done.contains(entry);
  }

  void enter(Entry entry) {
    if (path.contains(entry)) {
      throw recursion(entry, "without end");
    }
    if (path.size() == MAX_DEPTH) {
      throw recursion(entry, "through more than " + MAX_DEPTH + " aliases");
    }
    path.push(entry);
  }

  void leave(Entry entry) {
    path.pop();
    done.add(entry);
  }

  RegionNode.AliasNode outermost() {
    return path.peekLast().alias();
  }

  private MapException recursion(Entry entry, String how) {
    return new MapException(MapFault.Id.ALIAS_RECURSION, "alias " + entry.alias() + " of " + entry.alias().targetNode()
        + " leads back to itself at " + new AddressRange(entry.part().first(), entry.part().last())
        + " " + how + "; " + this);
  }

  /** The outermost aliases, in order. */
  @Override
  public String toString() {
    StringBuilder names = new StringBuilder("by way of ");
    Iterator<Entry> outermostFirst = path.descendingIterator();
    for (int named = 0; outermostFirst.hasNext() && named < NAMED; named++) {
      names.append(named == 0 ? "" : " -> ").append(outermostFirst.next().alias());
    }
    return names.append(outermostFirst.hasNext() ? " -> ..." : "").toString();
  }
}
