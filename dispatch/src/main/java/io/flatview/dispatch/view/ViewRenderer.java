package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.ParentNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;

/**
 * Renders all that shows below one view root.
 *
 * <h2>Rules</h2>
 *
 * <p>A disabled region shows nothing. Children are asked in the order in which they win; what answers itself fills the
 * addresses of its window that nobody asked before has taken, so a parent's own content comes after its children. An
 * alias goes on in its target with the part of the window that the target has; the target's own place does not matter.
 *
 * <h2>Recursion</h2>
 *
 * <p>An alias may lead to an ancestor: real machines mirror a part of their map into another part of it. The window
 * narrows with each round until it is empty or taken. It fails to narrow only if the same alias is entered again
 * through an equal window, which is refused at once; a shift by a few bytes a round narrows too slowly and is refused
 * by depth.
 *
 * <p>Mirrors of mirrors are met in many ways. An alias whose rendering through a window is complete has nothing to add
 * when it is met again with that window: all that it could fill is taken. So each such pair is rendered once.
 *
 * <h2>Dependencies</h2>
 *
 * <p>The rendering depends on every region that it looked at, also those that turned out to be disabled or out of the
 * window. Regions below a window that was taken already are not looked at: nothing about them can show until what took
 * the window changes.
 */
final class ViewRenderer {

  /** Aliases of aliases: more than any machine has, less than a thread's stack takes. */
  static final int MAX_ALIAS_DEPTH = 512;

  /** Regions looked at, counted each time: far more than a map of a million regions needs. */
  private static final int MAX_STEPS = 20_000_000;

  private record Entry(RegionNode.AliasNode alias, Window window) {}

  private final SectionFiller filler = new SectionFiller();
  private final Set<RegionNode> dependencies = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Entry> aliasPath = new ArrayDeque<>();
  private final Set<Entry> done = new HashSet<>();
  private int steps;

  private ViewRenderer() {}

  static Rendering render(ViewRoot root) {
    ViewRenderer renderer = new ViewRenderer();
    if (root.node() != null) {
      renderer.render(root.node(), root.window(), root.inherited());
    }
    return new Rendering(root, new RenderedView(root, renderer.filler.merged()), renderer.dependencies);
  }

  private void render(RegionNode node, Window window, Inherited fromAbove) {
    steps++;
    dependencies.add(node);
    if (!node.isEnabled() || window == null || filler.isTaken(window)) {
      return;
    }
    Inherited inherited = fromAbove.through(node);
    switch (node) {
      case RegionNode.AliasNode alias -> renderTarget(alias, window, inherited);
      case ParentNode parent -> renderParent(parent, window, inherited);
    }
  }

  private void renderParent(ParentNode parent, Window window, Inherited inherited) {
    for (RegionNode child : parent.childNodes()) {
      render(child, window.onChild(child), inherited);
    }
    if (parent.answers()) {
      filler.fill(parent, window, inherited.attributesOf(parent));
    }
  }

  private void renderTarget(RegionNode.AliasNode alias, Window window, Inherited inherited) {
    Entry entry = new Entry(alias, window);
    if (done.contains(entry)) {
      return;
    }
    if (aliasPath.contains(entry)) {
      throw recursion(entry, "without end");
    }
    if (aliasPath.size() == MAX_ALIAS_DEPTH) {
      throw recursion(entry, "through more than " + MAX_ALIAS_DEPTH + " aliases");
    }
    if (steps > MAX_STEPS) {
      throw recursion(entry, "in more than " + MAX_STEPS + " ways");
    }
    aliasPath.push(entry);
    render(alias.targetNode(), window.onTarget(alias), inherited);
    aliasPath.pop();
    done.add(entry);
  }

  private MapException recursion(Entry entry, String how) {
    return new MapException(MapFault.Id.ALIAS_RECURSION, "alias " + entry.alias() + " of " + entry.alias().targetNode()
        + " leads back to itself at " + new AddressRange(entry.window().first(), entry.window().last())
        + " " + how + "; by way of " + chain());
  }

  private String chain() {
    StringBuilder names = new StringBuilder();
    Iterator<Entry> outermostFirst = aliasPath.descendingIterator();
    for (int shown = 0; outermostFirst.hasNext() && shown < 8; shown++) {
      names.append(shown == 0 ? "" : " -> ").append(outermostFirst.next().alias());
    }
    return names.append(outermostFirst.hasNext() ? " -> ..." : "").toString();
  }
}
