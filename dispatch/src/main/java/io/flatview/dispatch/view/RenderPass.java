package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.RegionNode;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Brings the views of all address spaces up to date after changes: renders what depends on a touched region, once for
 * each distinct view root, and keeps everything else.
 */
public final class RenderPass {

  private final Set<RegionNode> touched;
  private final Map<ViewRoot, Rendering> before = new HashMap<>();
  private final Map<ViewRoot, Rendering> after = new HashMap<>();

  /**
   * A pass over a tree that does not change while it lasts.
   *
   * @param present what the address spaces show now
   * @param touched the regions that changed since
   */
  public RenderPass(Collection<SpaceView> present, Set<RegionNode> touched) {
    this.touched = touched;
    present.forEach(space -> before.put(space.rendering().root(), space.rendering()));
  }

  /**
   * What an address space shows after the changes.
   *
   * @param space what it showed before
   * @return the same object if nothing about it can have changed
   */
  public SpaceView refresh(SpaceView space) {
    return space.isStaleAfter(touched) ? keepView(space, render(space.root())) : space;
  }

  /** Keeps the view object, and so its page map and its listeners' peace, if nobody can tell it from the new one. */
  private SpaceView keepView(SpaceView old, SpaceView rendered) {
    Rendering kept = rendered.rendering().keeping(old.rendering());
    after.put(kept.root(), kept);
    return new SpaceView(old.root(), rendered.path(), kept);
  }

  /**
   * What an address space shows that was not there before.
   *
   * @param root of the address space
   * @return its view, shared if another has an equal view root
   */
  public SpaceView render(RegionNode root) {
    Set<RegionNode> path = Collections.newSetFromMap(new IdentityHashMap<>());
    ViewRoot viewRoot = ViewRoot.of(root, path);
    Rendering rendering = after.get(viewRoot);
    if (rendering == null) {
      rendering = renderOnce(viewRoot);
      after.put(viewRoot, rendering);
    }
    return new SpaceView(root, path, rendering);
  }

  private Rendering renderOnce(ViewRoot root) {
    Rendering replaced = before.get(root);
    return replaced != null && !replaced.isStaleAfter(touched) ? replaced : ViewRenderer.render(root);
  }
}
