package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.rcu.RcuReference;
import java.util.List;

/**
 * The one place that publishes: commits bring the next generation here, and so do taps, whose leaves are made anew.
 * Guarded by the map's lock.
 *
 * <p>All that publication needs is made beforehand, as a {@link Publication}. From the release store on, nothing can
 * fail but the update of what is derived from the map, which is then made anew by the next holder of the lock.
 */
final class Publisher {

  /**
   * What is published together.
   *
   * @param next the generation
   * @param shift the views that come and go
   * @param handover what is reclaimed afterwards
   */
  record Publication(Generation next, ShownViews.Shift shift, Handover handover) {}

  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final ShownViews shownViews;
  private final SpaceIndex spaces;
  private final Handovers handovers;

  Publisher(
      RcuReference<Generation> generations, SharedMaps shared, SpaceIndex spaces, Handovers handovers) {
    this.generations = generations;
    this.shared = shared;
    this.shownViews = new ShownViews(shared);
    this.spaces = spaces;
    this.handovers = handovers;
  }

  /** The generation in force. */
  Generation present() {
    return generations.dereferenceProtected();
  }

  SharedMaps shared() {
    return shared;
  }

  /** Builds the generation that a draft leads to, once the dispatchers have heard everything. */
  Publication prepare(CommitDraft draft, List<Ticket> tickets) {
    ShownViews.Shift shift = shownViews.shift(draft.changes());
    return new Publication(draft.next(), shift, new Handover(
        present(), shift.gone(), draft.closedSpaces(), draft.closing(), tickets));
  }

  /** Publishes what was prepared, and whose memory is counted; only references are stored. */
  void publish(Publication publication) {
    assign(publication.next());
    handovers.add(publication.handover());
  }

  /** Publishes the views in force with other leaves. */
  void renew(Generation next, Handover handover) {
    assign(next);
    handovers.add(handover);
  }

  private void assign(Generation next) {
    // Pairs with the acquire load in RcuReference.dereference: a reader that sees the generation sees all it reaches.
    generations.assign(next);
  }

  /** Brings up to date what is derived from the map; after a publication, which is null if no view changed. */
  void note(CommitDraft draft, Publication publication) {
    spaces.noteStale();
    spaces.publish(draft.looked());
    if (publication != null) {
      shownViews.note(publication.shift());
    }
    spaces.noteFresh();
  }

  /** Makes anew what is derived from the map. */
  void rebuildDerived() {
    spaces.rebuild();
    shownViews.recount(spaces.open());
    spaces.noteFresh();
  }

  void forgetUnpublished(CommitDraft draft) {
    shownViews.forgetUnpublished(draft.changes());
  }

  /** Completes a ticket after a grace period. */
  void complete(Ticket ticket) {
    handovers.follow(new Handover(null, List.of(), List.of(), List.of(), List.of(ticket)), true);
  }

  /** What a commit that changes no view leaves. */
  Handover prepareUnchanged(CommitDraft draft, List<Ticket> tickets) {
    return new Handover(null, List.of(), List.of(), draft.closing(), tickets);
  }

  /** Completes tickets of commits that changed no view. */
  void follow(Handover unchanged, boolean somethingChanged) {
    handovers.follow(unchanged, somethingChanged);
  }
}
