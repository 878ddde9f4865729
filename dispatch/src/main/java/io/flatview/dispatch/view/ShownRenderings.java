package io.flatview.dispatch.view;

import java.util.HashMap;
import java.util.Map;

/** What the address spaces show, by view root. Guarded by the map's lock. */
public final class ShownRenderings {

  private record Shown(Rendering rendering, int spaces) {}

  private final Map<ViewRoot, Shown> shown = new HashMap<>();

  /** Nothing is shown. */
  public ShownRenderings() {}

  /**
   * An address space shows a view.
   *
   * @param view what it shows
   */
  public void show(SpaceView view) {
    Rendering rendering = view.rendering();
    shown.merge(rendering.root(), new Shown(rendering, 1),
        (before, one) -> new Shown(before.rendering(), before.spaces() + one.spaces()));
  }

  /**
   * An address space does not show a view any more.
   *
   * @param view what it showed
   */
  public void hide(SpaceView view) {
    shown.computeIfPresent(view.rendering().root(),
        (_, before) -> before.spaces() == 1 ? null : new Shown(before.rendering(), before.spaces() - 1));
  }

  /** Nothing is shown any more. */
  public void clear() {
    shown.clear();
  }

  /** What is shown from a view root, or null. */
  Rendering from(ViewRoot root) {
    Shown present = shown.get(root);
    return present == null ? null : present.rendering();
  }
}
