package io.flatview.dispatch.topology;

import io.flatview.dispatch.topology.RegionNode.AliasNode;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;

/**
 * The open aliases of one region, an intrusive linked list, so that removing an alias and adding it again allocates
 * nothing. Guarded by the map's lock.
 *
 * <p>The links are weak: an alias that shows somewhere is kept by its parent, by an address space or by an alias of
 * it. So one that the program takes out and drops is freed, with the container that it is in, and does not keep its
 * target open. The list changes by {@link #add}, {@link #remove} and {@link Link#unlinkDropped} only, so that a loop
 * over it finds each link; {@link Link#get} may be null.
 */
final class Aliases {

  /** Of a region without an alias; never added to. */
  static final Aliases NONE = new Aliases();

  private Link first;
  private Link last;

  /** The place of an alias in the list of its target's aliases. */
  static final class Link extends WeakReference<AliasNode> {

    /** The list that has the link, or null. */
    private Aliases list;

    private Link previous;
    private Link next;

    Link(AliasNode alias, ReferenceQueue<AliasNode> dropped) {
      super(alias, dropped);
    }

    /** The link of the next alias, or null. */
    Link next() {
      return next;
    }

    /** Takes aliases that the garbage collector has found dropped out of their lists. */
    static void unlinkDropped(ReferenceQueue<AliasNode> dropped) {
      for (Reference<?> one = dropped.poll(); one != null; one = dropped.poll()) {
        Link link = (Link) one;
        if (link.list != null) {
          link.list.remove(link);
        }
      }
    }
  }

  boolean isEmpty() {
    return first == null;
  }

  /** The link of the first alias, which leads to the others; null if there is none. */
  Link first() {
    return first;
  }

  /** Adds an alias; does nothing for one that is there. */
  void add(Link link) {
    if (link.list == this) {
      return;
    }
    link.list = this;
    link.previous = last;
    link.next = null;
    if (last == null) {
      first = link;
    } else {
      last.next = link;
    }
    last = link;
  }

  /** Removes an alias; does nothing for one that is not there. */
  void remove(Link link) {
    if (link.list != this) {
      return;
    }
    if (link.previous == null) {
      first = link.next;
    } else {
      link.previous.next = link.next;
    }
    if (link.next == null) {
      last = link.previous;
    } else {
      link.next.previous = link.previous;
    }
    link.list = null;
    link.previous = null;
    link.next = null;
  }

  void forEach(Consumer<AliasNode> action) {
    for (Link link = first; link != null; link = link.next) {
      AliasNode alias = link.get();
      if (alias != null) {
        action.accept(alias);
      }
    }
  }
}
