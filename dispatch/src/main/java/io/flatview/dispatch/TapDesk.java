package io.flatview.dispatch;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.rcu.RcuReference;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes leaves anew when taps come or go. A leaf names the taps that watch it, so that an access need not look for them
 * and a commit carries them over with the leaf. The views stay, and listeners hear nothing. Guarded by the committer's
 * lock.
 */
final class TapDesk {

  private final TapTable taps;
  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final Retirement retirement;

  TapDesk(TapTable taps, RcuReference<Generation> generations, SharedMaps shared, Retirement retirement) {
    this.taps = taps;
    this.generations = generations;
    this.shared = shared;
    this.retirement = retirement;
  }

  TapTable taps() {
    return taps;
  }

  /** Publishes the same views with new leaves. */
  void renew(Collection<DispatchSpace> spaces) {
    taps.sweep();
    shared.renewEmpty();
    Generation present = generations.dereferenceProtected();
    Generation.Draft draft = present.next();
    Map<RenderedView, PhysPageMap> made = new IdentityHashMap<>();
    for (DispatchSpace space : spaces) {
      if (space.shown != null) {
        PhysPageMap map = made.computeIfAbsent(space.shownView(), shared::renew);
        space.dispatch().renew(map);
        draft.set(space.slot(), space.shownView(), map);
      }
    }
    // Pairs with the acquire load in DispatchReader.enter, as for every generation.
    generations.assign(draft.finish());
    retirement.retire(present, List.of(), List.of(), List.of());
  }
}
