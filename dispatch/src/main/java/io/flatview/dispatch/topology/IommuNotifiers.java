package io.flatview.dispatch.topology;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The notifiers of an IOMMU region.
 *
 * <p>Notifiers are called in turns, one thread at a time, which orders events, replays and registrations. Since the
 * event of a change comes after the change is in force, a replay that misses the change comes before its event, and a
 * replay that sees it may be followed by an event that changes nothing. A callback may call this object: every loop
 * runs over the array as it was at its start, which is never written again, and skips notifiers that have left
 * meanwhile. An event that a callback sends follows when the present calls have ended: else notifiers that are still to
 * be called would get it before the present one, and a replay would be interrupted.
 *
 * <p>A turn is entered like a device with a lock, {@link NotifierTurn}. So a callback never waits for the map's lock,
 * whose holder may wait for the turn: its transactions are made when the turn has ended. And a circle of turns and
 * devices' locks is found.
 */
final class IommuNotifiers {

  /** The largest number of events in one turn: callbacks might answer each other for ever. */
  private static final int MOST = 1 << 16;

  private final IommuNode region;
  private final IommuTranslator translator;

  /** Made with the first notifier, and kept: most IOMMUs never have one. */
  private volatile DeviceBinding turn;

  /**
   * The notifiers. The array is replaced in a turn; volatile, so that an IOMMU without notifiers pays one load for an
   * event.
   */
  private volatile Entry[] entries = {};

  /** The events that are still to be sent; guarded by the turn. */
  private Deque<Sent> waiting;

  /** An event about a table of the IOMMU. */
  private record Sent(int index, IommuEvent event) {}

  IommuNotifiers(IommuNode region, IommuTranslator translator) {
    this.region = region;
    this.translator = translator;
  }

  private void inTurn(Runnable calls) {
    DeviceBinding mine = turn();
    region.topology().owner().inTurn(mine, () -> {
      if (mine.lock().getHoldCount() == 1) {
        callAndSend(calls);
      } else {
        calls.run();
      }
    });
  }

  /** Makes calls, and sends the events that wait then; the first failure is thrown when all is done. */
  private void callAndSend(Runnable calls) {
    Throwable failure = attempt(calls, null);
    int sent = 0;
    while (waiting != null && !waiting.isEmpty()) {
      Sent next = waiting.poll();
      failure = sendEach(next, failure);
      if (++sent == MOST) {
        waiting.clear();
        failure = attempt(this::refuseMore, failure);
      }
    }
    Failure.rethrowAny(failure);
  }

  private void refuseMore() {
    throw new IllegalStateException("the notifiers of " + region + " have sent " + MOST + " events in answer to one;"
        + " further ones are dropped: a notifier must not answer each event by another one");
  }

  private static Throwable attempt(Runnable calls, Throwable earlier) {
    try {
      calls.run();
      return earlier;
    } catch (Throwable thrown) {
      return Failure.join(earlier, thrown);
    }
  }

  private DeviceBinding turn() {
    DeviceBinding made = turn;
    return made != null ? made : makeTurn();
  }

  private synchronized DeviceBinding makeTurn() {
    if (turn == null) {
      turn = NotifierTurn.of("notifiers", region);
    }
    return turn;
  }

  IommuNotifier.Registration add(IommuNotifier notifier) {
    Entry added = new Entry(notifier);
    inTurn(() -> add(added));
    return added;
  }

  private void add(Entry added) {
    IommuNotifier notifier = added.notifier;
    check(notifier);
    Entry[] before = entries;
    Entry[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = added;
    entries = after;
    try {
      translator.notifiersChanged(region, notifier.index(), wanted(notifier.index()));
    } catch (Throwable refused) {
      added.open = false;
      entries = entries == after ? before : without(added);
      throw new MapException(List.of(fault(notifier, refused.getMessage())), refused);
    }
  }

  private Entry[] without(Entry gone) {
    return Arrays.stream(entries).filter(other -> other != gone).toArray(Entry[]::new);
  }

  private void check(IommuNotifier notifier) {
    if (region.state.closed()) {
      throw refused(notifier, "the region is closed");
    }
    if (notifier.index() >= translator.indexes()) {
      throw refused(notifier, "the IOMMU has " + translator.indexes() + " tables and the notifier wants index "
          + notifier.index() + "; indexes count from 0");
    }
    long smallest = Long.lowestOneBit(translator.pageSizeMask());
    if (Long.compareUnsigned(smallest, notifier.pageSize()) < 0) {
      throw refused(notifier, "the IOMMU maps pages of " + AddressRange.hex(smallest)
          + " bytes and the notifier can follow none below " + AddressRange.hex(notifier.pageSize()));
    }
  }

  private MapException refused(IommuNotifier notifier, String why) {
    return new MapException(List.of(fault(notifier, why)), null);
  }

  private MapFault fault(IommuNotifier notifier, String why) {
    return new MapFault(MapFault.Id.NOTIFIER_REFUSED,
        "notifier '" + notifier.name() + "' for " + notifier.kinds() + " of " + region + ": " + why);
  }

  private Set<IommuEvent.Kind> wanted(int index) {
    Set<IommuEvent.Kind> wanted = EnumSet.noneOf(IommuEvent.Kind.class);
    for (Entry entry : entries) {
      if (entry.notifier.index() == index) {
        wanted.addAll(entry.notifier.kinds());
      }
    }
    return wanted;
  }

  void send(int index, IommuEvent event) {
    if (entries.length > 0) {
      inTurn(() -> send(new Sent(index, event)));
    }
  }

  private void send(Sent sent) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(1);
    }
    waiting.add(sent);
  }

  /** Sends an event to every notifier, even if some throw; returns the first failure. */
  private Throwable sendEach(Sent sent, Throwable earlier) {
    Throwable failure = earlier;
    for (Entry entry : entries) {
      if (entry.notifier.index() == sent.index && entry.notifier.kinds().contains(sent.event.kind())) {
        failure = attempt(() -> entry.send(sent.event), failure);
      }
    }
    return failure;
  }

  private void remove(Entry entry) {
    if (!entry.open) {
      return;
    }
    entry.open = false;
    entries = without(entry);
    translator.notifiersChanged(region, entry.notifier.index(), wanted(entry.notifier.index()));
  }

  private void replay(Entry entry, MapReader reader) {
    if (!entry.open) {
      throw new IllegalStateException(
          "notifier '" + entry.notifier.name() + "' of " + region + " is closed; register it again");
    }
    if (!entry.notifier.kinds().contains(IommuEvent.Kind.MAP)) {
      throw new IllegalStateException("notifier '" + entry.notifier.name() + "' of " + region + " wants "
          + entry.notifier.kinds() + "; a replay tells MAP, so register for it");
    }
    Optional<AddressRange> part = region.range().flatMap(entry.notifier.range()::intersect);
    try (ReadSection _ = reader.enter()) {
      part.ifPresent(range -> translator.replay(range, entry.notifier.index(), reader, entry::send));
    }
  }

  /** A registered notifier; its fields are written in turns. */
  private final class Entry implements IommuNotifier.Registration {

    private final IommuNotifier notifier;
    private boolean open = true;

    Entry(IommuNotifier notifier) {
      this.notifier = notifier;
    }

    private void send(IommuEvent event) {
      if (open) {
        event.crop(notifier.range()).ifPresent(notifier.callback());
      }
    }

    @Override
    public void replay(MapReader reader) {
      inTurn(() -> IommuNotifiers.this.replay(this, reader));
    }

    @Override
    public void close() {
      inTurn(() -> remove(this));
    }
  }
}
