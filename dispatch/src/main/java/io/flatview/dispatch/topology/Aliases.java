package io.flatview.dispatch.topology;

import io.flatview.dispatch.topology.RegionNode.AliasNode;
import java.util.function.Consumer;

/**
 * The open aliases of one region, an intrusive linked list, so that removing an alias and adding it again allocates
 * nothing. Guarded by the map's lock.
 */
final class Aliases {

  /** Of a region without an alias; never added to. */
  static final Aliases NONE = new Aliases();

  private AliasNode first;
  private AliasNode last;

  boolean isEmpty() {
    return first == null;
  }

  /** The first alias, which links to the others; null if there is none. */
  AliasNode first() {
    return first;
  }

  private boolean contains(AliasNode alias) {
    return alias.previous != null || first == alias;
  }

  /** Adds an alias; does nothing for one that is there. */
  void add(AliasNode alias) {
    if (contains(alias)) {
      return;
    }
    alias.previous = last;
    alias.next = null;
    if (last == null) {
      first = alias;
    } else {
      last.next = alias;
    }
    last = alias;
  }

  void remove(AliasNode alias) {
    if (!contains(alias)) {
      return;
    }
    if (alias.previous == null) {
      first = alias.next;
    } else {
      alias.previous.next = alias.next;
    }
    if (alias.next == null) {
      last = alias.previous;
    } else {
      alias.next.previous = alias.previous;
    }
    alias.previous = null;
    alias.next = null;
  }

  void forEach(Consumer<AliasNode> action) {
    for (AliasNode alias = first; alias != null; alias = alias.next) {
      action.accept(alias);
    }
  }
}
