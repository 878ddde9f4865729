package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.Dirt;
import io.flatview.dispatch.topology.Extents;
import io.flatview.dispatch.topology.RegionNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Brings views up to date after changes, once for each distinct view root: those that are shown already are patched
 * where they are dirty, others rendered.
 */
public final class RenderPass {

  /** How a view came to be. */
  private record Origin(RenderedView before, ViewDiff diff) {}

  private final ShownRenderings shown;
  private final Dirt dirt;
  private final Map<ViewRoot, Rendering> after = new HashMap<>();
  private final Map<RenderedView, Origin> origins = new IdentityHashMap<>();

  /**
   * A pass over a tree that does not change while it lasts.
   *
   * @param shown what the address spaces show now
   * @param dirt what changed since
   */
  public RenderPass(ShownRenderings shown, Dirt dirt) {
    this.shown = shown;
    this.dirt = dirt;
  }

  /**
   * What an address space shows after the changes.
   *
   * @param space what it showed before
   * @return with the same view if nothing about it changed
   */
  public SpaceView refresh(SpaceView space) {
    return Collections.disjoint(dirt.touched(), space.path())
        ? new SpaceView(space.root(), space.path(), after(space.rendering().root(), space.view()))
        : render(space.root(), space.view());
  }

  /**
   * What an address space shows that was not there before.
   *
   * @param root of the address space
   * @return its view, shared if another has an equal view root
   */
  public SpaceView render(RegionNode root) {
    return render(root, RenderedView.EMPTY);
  }

  private SpaceView render(RegionNode root, RenderedView replaced) {
    Set<RegionNode> path = Collections.newSetFromMap(new IdentityHashMap<>());
    ViewRoot viewRoot = ViewRoot.of(root, path);
    return new SpaceView(root, path, after(viewRoot, replaced));
  }

  /**
   * Renders an address space in full: the reference for what passes make of it step by step.
   *
   * @param root of the address space
   * @return a view of its own
   */
  public static RenderedView rebuild(RegionNode root) {
    ViewRoot viewRoot = ViewRoot.of(root, new HashSet<>());
    return new RenderedView(viewRoot, SectionTree.of(ViewRenderer.render(viewRoot)));
  }

  private Rendering after(ViewRoot root, RenderedView replaced) {
    Rendering known = after.get(root);
    if (known == null) {
      Rendering present = shown.from(root);
      known = present == null ? renderWhole(root, replaced) : patch(present);
      after.put(root, known);
    }
    return known;
  }

  private Rendering patch(Rendering present) {
    Extents dirty = dirt.in(present.root().node());
    if (dirty.count() == 0) {
      return present;
    }
    ViewPatch.Patched patched = ViewPatch.patch(present, dirty);
    if (patched.rendering() != present) {
      origins.put(patched.rendering().view(), new Origin(present.view(), patched.diff()));
    }
    return patched.rendering();
  }

  /** Keeps the view that was there, and so its page map and its listeners' peace, if nobody can tell the two apart. */
  private static Rendering renderWhole(ViewRoot root, RenderedView replaced) {
    RenderedView whole = new RenderedView(root, SectionTree.of(ViewRenderer.render(root)));
    return new Rendering(root, whole.sameAs(replaced) ? replaced : whole);
  }

  /**
   * What listeners are told when one view replaces another.
   *
   * @param before the old one
   * @param after the new one, made by this pass or shown before
   * @return the difference
   */
  public ViewDiff diff(RenderedView before, RenderedView after) {
    Origin origin = origins.get(after);
    if (origin == null || origin.before() != before) {
      origin = new Origin(before, ViewDiff.between(before, after));
      origins.putIfAbsent(after, origin);
    }
    return origin.diff();
  }
}
