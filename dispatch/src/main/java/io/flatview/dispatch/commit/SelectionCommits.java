package io.flatview.dispatch.commit;

import io.flatview.dispatch.topology.Banks;

/**
 * Makes selections of banks commits while a listener wants to be called for them, and stores otherwise. Each way is a
 * commit of its own, in which the views change from sections of banks to what these select, or back. Guarded by the
 * map's lock.
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

  /** From now on selections are commits. */
  void begin() {
    if (banks.areTold()) {
      return;
    }
    committer.refuseInside("register a listener that wants selections");
    banks.tell();
    try (MapTransaction transaction = committer.begin()) {
      banks.render(true);
      transaction.commit();
    } catch (Throwable thrown) {
      banks.stopTelling();
      throw thrown;
    }
  }

  /** Selections are stores again, unless a listener wants them or a transaction is open: then the next call ends it. */
  void endUnlessWanted() {
    if (!banks.areTold() || spaces.asksForSelections() || !committer.isIdle()) {
      return;
    }
    try (MapTransaction transaction = committer.begin()) {
      banks.render(false);
      transaction.commit();
    } finally {
      banks.stopTelling();
    }
  }
}
