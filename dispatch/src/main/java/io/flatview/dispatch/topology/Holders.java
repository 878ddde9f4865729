package io.flatview.dispatch.topology;

import io.flatview.dispatch.topology.RegionNode.AliasNode;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;

/**
 * The objects that show one region, besides its parent: aliases, address spaces and views. Guarded by the map's lock.
 *
 * <p>The open aliases are an intrusive linked list, so that removing an alias and adding it again allocates nothing.
 * The links are weak: an alias that shows somewhere is kept by its parent, by an address space or by an alias of it. So
 * one that the program takes out and drops is freed, with the container that it is in, and does not keep its target
 * open. The list changes by {@link #add}, {@link #remove} and {@link Link#unlinkDropped} only, so that a loop over it
 * finds each link; {@link Link#get} may be null.
 */
final class Holders {

  /** Of a region that only its parent shows, as most regions; never written. */
  static final Holders NONE = new Holders();

  private Link first;
  private Link last;

  /** The number of open address spaces that have the region as their root. */
  int roots;

  /** Whether the region is on the path from an address space's root to its view root. */
  boolean onWay;

  /** Whether the region is a view root. */
  boolean startsView;

  /** The place of an alias in the list of its target's aliases. */
  static final class Link extends WeakReference<AliasNode> {

    /** The list that has the link, or null. */
    private Holders list;

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

  /** The link of the first alias, which leads to the others; null if there is none. */
  Link firstAlias() {
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

  void forEachAlias(Consumer<AliasNode> action) {
    for (Link link = first; link != null; link = link.next) {
      AliasNode alias = link.get();
      if (alias != null) {
        action.accept(alias);
      }
    }
  }
}
