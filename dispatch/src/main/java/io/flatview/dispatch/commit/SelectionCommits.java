package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.Banks;

/**
 * Switches between two ways to select a variant of a bank: by a commit, while a listener wants to be called for
 * selections, and else by a mere store. Each switch is a commit of its own, in which views change from sections of
 * banks to sections of the selected variants, or back. Guarded by the map's lock.
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

  /** Makes selections commits from now on. */
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

  /**
   * Makes selections mere stores again. Does nothing while a listener wants them or a transaction is open; then it is
   * called again later.
   */
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
