package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.rcu.RcuReference;
import java.util.List;

/**
 * Publishes generations, for commits and for taps, whose leaves are rebuilt. No other class does. Guarded by the map's
 * lock.
 *
 * <p>All that publication needs is allocated beforehand: a draft's generation and moves, and the handover. From the
 * release store on, only the update of indexes of the map can fail; the next holder of the lock rebuilds them then.
 */
final class Publisher {

  private final RcuReference<Generation> generations;
  private final SharedMaps shared;
  private final SpaceIndex spaces;
  private final Handovers handovers;

  Publisher(
      RcuReference<Generation> generations, SharedMaps shared, SpaceIndex spaces, Handovers handovers) {
    this.generations = generations;
    this.shared = shared;
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

  /** Prepares the handover of a draft whose generation is built. */
  Handover prepare(CommitDraft draft, ShownMemory memory, List<Ticket> tickets) {
    return new Handover(present(), memory.gone(), draft.moves(), draft.closing(), tickets);
  }

  /** Publishes the generation of a draft, whose memory is counted; only stores references. */
  void publish(CommitDraft draft, Handover handover) {
    List<Move> moves = draft.moves();
    for (int i = 0; i < moves.size(); i++) {
      moves.get(i).make();
    }
    assign(draft.next());
    handovers.add(handover);
  }

  /** Publishes a generation with the same views and other leaves. */
  void renew(Generation next, Handover handover) {
    assign(next);
    handovers.add(handover);
  }

  private void assign(Generation next) {
    // Pairs with the acquire load in RcuReference.dereference: a reader that sees the generation sees all it reaches.
    generations.assign(next);
  }

  /** Completes a ticket after a grace period. */
  void complete(Ticket ticket) {
    handovers.follow(new Handover(null, List.of(), List.of(), List.of(), List.of(ticket)), true);
  }

  /** Prepares the handover of a commit that changes no view. */
  Handover prepareUnchanged(CommitDraft draft, List<Ticket> tickets) {
    return new Handover(null, List.of(), List.of(), draft.closing(), tickets);
  }

  /** Completes tickets of commits that changed no view. */
  void follow(Handover unchanged, boolean somethingChanged) {
    handovers.follow(unchanged, somethingChanged);
  }
}
