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
 * The listeners: what shows is replayed to one that comes, and taken away from one that goes. Commits do not run
 * meanwhile, since the map's lock guards this, too.
 */
final class Listeners {

  private final Committer committer;
  private final MapLock lock;
  private final SpaceIndex spaces;
  private final RcuReference<Generation> generations;
  private long sequence;

  Listeners(Committer committer, MapLock lock, SpaceIndex spaces, RcuReference<Generation> generations) {
    this.committer = committer;
    this.lock = lock;
    this.spaces = spaces;
    this.generations = generations;
  }

  AddressSpace.Registration register(DispatchSpace space, MemoryListener listener, AddressRange range) {
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(range, "range");
    return lock.undisturbed(() -> {
      ListenerEntry entry = enter(space, listener, range);
      return () -> unregister(space, entry);
    });
  }

  private ListenerEntry enter(DispatchSpace space, MemoryListener listener, AddressRange range) {
    refuseInCallback(space);
    refuseClosed(space);
    if (space.listeners().stream().anyMatch(entry -> entry.isFor(listener, range))) {
      throw new IllegalStateException("listener " + listener + " is registered with " + space + " already");
    }
    ListenerEntry entry = ListenerEntry.of(listener, range, sequence++);
    committer.replay(() -> Notification.replay(alone(space, entry, RenderedView.EMPTY, space.shownView())));
    settled(space, entry);
    committer.commitFollowers();
    return entry;
  }

  /** A listener that cannot be entered for want of memory has everything taken away again. */
  private void settled(DispatchSpace space, ListenerEntry entry) {
    try {
      space.add(entry);
      spaces.heard(space);
    } catch (Throwable thrown) {
      space.remove(entry);
      committer.replay(() -> Notification.replayAway(alone(space, entry, space.shownView(), RenderedView.EMPTY)));
      throw thrown;
    }
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
    space.remove(entry);
    spaces.heard(space);
    committer.replay(() -> Notification.replayAway(alone(space, entry, space.shownView(), RenderedView.EMPTY)));
    committer.commitFollowers();
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
