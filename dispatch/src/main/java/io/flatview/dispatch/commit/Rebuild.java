package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.dispatch.view.Rendering;
import io.flatview.memory.MapException;
import java.util.List;

/** The full rebuild, with which patched views and maps are compared. */
final class Rebuild {

  private Rebuild() {}

  /**
   * Compares a space with its full rebuild; returns a line for each difference. A map that a full rendering refuses
   * cannot be compared.
   */
  static List<String> compare(DispatchSpace space, Generation generation, SharedMaps shared) {
    RenderedView published = space.view(generation);
    RenderedView rebuilt;
    try {
      rebuilt = Rendering.rebuild(space.rootNode());
    } catch (MapException e) {
      return List.of();
    }
    if (published != space.shownView()) {
      return List.of(space + " does not show what is published");
    }
    if (!published.sameAs(rebuilt)) {
      return List.of(space + " shows " + published.root() + " " + published.sections() + " and should show "
          + rebuilt.root() + " " + rebuilt.sections());
    }
    return space.map(generation).sameAs(shared.rebuild(rebuilt))
        ? List.of()
        : List.of("the page table of " + space + " differs from one that is built anew");
  }
}
