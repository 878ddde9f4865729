package io.flatview.dispatch;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.RcuReference;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Taps come and go, and leaves are made anew for them. A leaf names the taps that watch it, so that an access need not
 * look for them and a commit carries them over with the leaf. The views stay, and listeners hear nothing. Guarded by
 * the committer's lock.
 */
final class TapDesk {

  private final Committer committer;
  private final MapLock lock;
  private final SpaceIndex spaces;
  private final TapTable taps;
  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final Retirement retirement;

  TapDesk(
      Committer committer, MapLock lock, SpaceIndex spaces, TapTable taps, RcuReference<Generation> generations,
      SharedMaps shared, Retirement retirement) {
    this.committer = committer;
    this.lock = lock;
    this.spaces = spaces;
    this.taps = taps;
    this.generations = generations;
    this.shared = shared;
    this.retirement = retirement;
  }

  TapRegistration tap(TapPoint point, Ticket ticket) {
    return lock.undisturbed(() -> {
      if (committer.isClosed()) {
        throw new IllegalStateException("the memory system is closed; " + point + " would see nothing");
      }
      if (committer.isCalling()) {
        throw new IllegalStateException(
            point + " cannot come inside a listener's callback; attach it after the commit");
      }
      taps.add(point);
      renew();
      return new TapPlace(this, point, ticket);
    });
  }

  /** Calls that are under way are in sections that a grace period waits for. */
  void untap(Ticket ticket) {
    lock.outsideDevices("taking out a tap", () -> lock.undisturbed(() -> {
      ticket.published(generations.dereferenceProtected().number());
      retirement.follow(List.of(ticket), true);
      renewStale();
      return null;
    }));
  }

  /** While listeners are called the next generation's leaves are made already; the commit's end comes back here. */
  void renewStale() {
    if (taps.isStale() && !committer.isCalling() && !committer.isClosed()) {
      renew();
    }
  }

  /** Publishes the same views with new leaves. */
  private void renew() {
    taps.sweep();
    shared.renewEmpty();
    Generation present = generations.dereferenceProtected();
    Generation.Draft draft = present.next();
    Map<RenderedView, PhysPageMap> made = new IdentityHashMap<>();
    for (DispatchSpace space : spaces.open()) {
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
