package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.Banks;

/**
 * Makes selections of banks commits while a listener wants to be called for them, and stores otherwise. Each switch is
 * a commit of its own, in which the views change from sections of banks to the selected variants, or back. Guarded by
 * the map's lock.
 */
final class SelectionCommits {

  private final Committer committer;
  private final Banks banks;
  private final SpaceIndex spaces;

  SelectionCommits(Committer committer, Banks banks, SpaceIndex spaces) {
    this.committer = committer;
    this.banks = banks;
    this.spaces = spaces;
  }

  /** Makes selections commits. */
  void begin() {
    if (banks.commitsSelections()) {
      return;
    }
    committer.refuseInside("register a listener that wants selections");
    banks.startCommitting();
    try (MapTransaction transaction = committer.begin()) {
      banks.render(true);
      transaction.commit();
    } catch (Throwable thrown) {
      banks.stopCommitting();
      throw thrown;
    }
  }

  /** Makes selections stores again, unless a listener wants them or a transaction is open: then a later call does. */
  void endUnlessWanted() {
    if (!banks.commitsSelections() || spaces.asksForSelections() || !committer.isIdle()) {
      return;
    }
    try (MapTransaction transaction = committer.begin()) {
      banks.render(false);
      transaction.commit();
    } finally {
      banks.stopCommitting();
    }
  }
}
