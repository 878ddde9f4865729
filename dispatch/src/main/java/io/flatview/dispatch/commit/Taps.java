package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.memory.TapRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Attaches and removes taps, and rebuilds the leaves of the pages that they watch. A leaf refers to its taps, so that
 * an access need not search them elsewhere and a commit carries them over with the leaf. The views stay, and no
 * listener is called. Guarded by the map's lock.
 */
public final class Taps {

  private final MapLock lock;
  private final SpaceIndex spaces;
  private final TapTable taps;
  private final Publisher publisher;

  Taps(MapLock lock, SpaceIndex spaces, TapTable taps, Publisher publisher) {
    this.lock = lock;
    this.spaces = spaces;
    this.taps = taps;
    this.publisher = publisher;
  }

  /**
   * Attaches a tap.
   *
   * @param point the tap and the addresses that it watches
   * @param ticket completes when the tap is removed and no reader can be in its callback
   * @return a registration that removes it
   */
  public TapRegistration tap(TapPoint point, Ticket ticket) {
    return lock.undisturbed(() -> {
      if (lock.isClosed()) {
        throw new IllegalStateException("the memory system is closed; " + point + " would see nothing");
      }
      if (lock.isCalling()) {
        throw new IllegalStateException(
            point + " cannot come inside a listener's callback; attach it after the commit");
      }
      TapRegistration registration = () -> remove(point, ticket);
      StackReserve.claim();
      publish(point, true, taps.attach(point));
      return registration;
    });
  }

  private CompletionStage<Void> remove(TapPoint point, Ticket ticket) {
    point.remove();
    if (!ticket.isPublished()) {
      untap(ticket);
    }
    return ticket.quiesced();
  }

  /**
   * Completes the ticket after a grace period, which waits for the sections in which the tap may still be called. After
   * a failure this can be called again.
   */
  private void untap(Ticket ticket) {
    lock.outsideDevices("taking out a tap", () -> lock.undisturbed(() -> {
      if (!ticket.isPublished()) {
        publisher.complete(ticket);
        ticket.published(publisher.present().number());
      }
      renewStale();
      return null;
    }));
  }

  /**
   * Rebuilds the leaves that refer to removed taps. Does nothing while listeners are called, since the leaves of the
   * next generation exist already; the end of the commit calls this again.
   */
  void renewStale() {
    while (taps.isStale() && !lock.isCalling() && !lock.isClosed()) {
      StackReserve.claim();
      TapPoint removed = taps.removed();
      publish(removed, false, taps.detach(removed));
      taps.forget(removed);
    }
  }

  /** Publishes the same views with new leaves for the pages that a tap watches. If this throws, nothing has changed. */
  private void publish(TapPoint point, boolean comes, TapTable.Change change) {
    Generation present = publisher.present();
    Generation.Draft draft = present.next();
    List<ShownRoot> roots = spaces.shown();
    List<PhysPageMap> maps = new ArrayList<>(roots.size());
    boolean changes = false;
    for (ShownRoot root : roots) {
      PhysPageMap map = root.dispatch().watched(root.view(), point, comes);
      maps.add(map);
      if (root.isPlaced() && !root.dispatch().has(map)) {
        draft.set(root.slot(), root.view(), map);
        changes = true;
      }
    }
    Generation next = changes ? draft.finish() : present;
    takeOver(next, new Handover(present, List.of(), List.of(), List.of(), List.of()), roots, maps, change);
  }

  /** Publishes the new leaves; after that it only stores references. */
  private void takeOver(
      Generation next, Handover handover, List<ShownRoot> roots, List<PhysPageMap> maps, TapTable.Change change) {
    if (next != publisher.present()) {
      publisher.renew(next, handover);
    }
    for (int i = 0; i < roots.size(); i++) {
      roots.get(i).dispatch().renew(maps.get(i));
    }
    change.take();
  }
}
