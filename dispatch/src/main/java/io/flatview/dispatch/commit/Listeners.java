package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.listener.ListenerEntry;
import io.flatview.dispatch.listener.Notification;
import io.flatview.dispatch.listener.SpaceNotice;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryListener;
import io.flatview.rcu.RcuReference;
import java.util.Objects;

/**
 * Registers and removes listeners: a new listener gets a replay of the view, a removed one the inverse. The map's lock
 * is held meanwhile, so no commit runs.
 */
final class Listeners {

  private final Committer committer;
  private final MapLock lock;
  private final SpaceIndex spaces;
  private final RcuReference<Generation> generations;
  private final SelectionCommits selections;
  private long sequence;

  Listeners(
      Committer committer, MapLock lock, SpaceIndex spaces, RcuReference<Generation> generations,
      SelectionCommits selections) {
    this.selections = selections;
    this.committer = committer;
    this.lock = lock;
    this.spaces = spaces;
    this.generations = generations;
  }

  AddressSpace.Registration register(DispatchSpace space, MemoryListener listener, AddressRange range) {
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(range, "range");
    return lock.undisturbed(() -> {
      ListenerEntry entry = entry(space, listener, range);
      AddressSpace.Registration registration = () -> unregister(space, entry);
      if (entry.selections()) {
        selections.begin();
      }
      enter(space, entry);
      return registration;
    });
  }

  private ListenerEntry entry(DispatchSpace space, MemoryListener listener, AddressRange range) {
    refuseInCallback(space);
    refuseClosed(space);
    SpaceReach.require(space, range, "a listener");
    if (space.listeners().stream().anyMatch(entry -> entry.isFor(listener, range))) {
      throw new IllegalStateException("listener " + listener + " is registered with " + space + " already");
    }
    return ListenerEntry.of(listener, range, sequence++);
  }

  /** Adds the listener before the replay, since adding may run out of memory; removing it allocates nothing. */
  private void enter(DispatchSpace space, ListenerEntry entry) {
    try {
      space.add(entry);
      spaces.heard(space);
      SpaceNotice notice = alone(space, entry, RenderedView.EMPTY, space.shownView());
      Failures takingBack = new Failures();
      committer.replay(() -> replay(notice, takingBack));
    } catch (Throwable thrown) {
      takeOut(space, entry);
      selections.endUnlessWanted();
      throw thrown;
    }
  }

  /** Whether selections of banks are commits. */
  SelectionCommits selections() {
    return selections;
  }

  private static void replay(SpaceNotice notice, Failures takingBack) {
    try {
      Notification.replay(notice, takingBack);
    } catch (Throwable thrown) {
      takingBack.addTo(thrown);
      throw thrown;
    }
  }

  private void takeOut(DispatchSpace space, ListenerEntry entry) {
    space.remove(entry);
    spaces.heard(space);
  }

  private void unregister(DispatchSpace space, ListenerEntry entry) {
    lock.undisturbed(() -> {
      if (!space.closed && space.listeners().contains(entry)) {
        leave(space, entry);
      }
      return null;
    });
  }

  private void leave(DispatchSpace space, ListenerEntry entry) {
    refuseInCallback(space);
    Notification leaving = Notification.leaving(alone(space, entry, space.shownView(), RenderedView.EMPTY));
    Failures failures = new Failures();
    try {
      committer.replay(() -> {
        takeOut(space, entry);
        leaving.attemptAll(failures);
        if (!failures.isEmpty()) {
          throw failedToLeave(entry, failures);
        }
      });
    } finally {
      selections.endUnlessWanted();
    }
  }

  private static IllegalStateException failedToLeave(ListenerEntry entry, Failures failures) {
    IllegalStateException failed = new IllegalStateException("listener " + entry + " failed while it was leaving");
    failures.addTo(failed);
    return failed;
  }

  private void refuseInCallback(DispatchSpace space) {
    if (lock.isCalling()) {
      throw new IllegalStateException("listeners of " + space + " cannot come or go inside a listener's callback");
    }
  }

  private static void refuseClosed(DispatchSpace space) {
    if (space.closed || space.closing) {
      throw new IllegalStateException(space + " is closed");
    }
  }

  private SpaceNotice alone(DispatchSpace space, ListenerEntry entry, FlatView before, FlatView after) {
    return SpaceNotice.alone(space, generations.dereferenceProtected().number(), before, after, entry);
  }
}
