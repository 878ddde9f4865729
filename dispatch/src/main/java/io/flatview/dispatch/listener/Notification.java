package io.flatview.dispatch.listener;

import io.flatview.dispatch.failure.Failure;
import io.flatview.dispatch.view.ViewDiff;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Calls the listeners of one commit, in the order that {@link MemoryListener} promises, and can take the calls back by
 * calling the inverses.
 *
 * <p>All calls are put in a list before the first is made, and a number says how many have succeeded. So taking them
 * back needs no memory and forgets no call, whatever a listener throws.
 */
public final class Notification {

  /** A listener, and the change of its space narrowed to its range. */
  private record Heard(ListenerEntry entry, MapChange change) {}

  private record Call(ListenerEntry entry, MapChange change, Callback callback) {}

  private static final int FEW = 4;

  /** No calls: nothing is ever written to it. */
  private static final Notification NONE = new Notification(List.of(), DoorbellChanges.NONE);

  private final List<Heard> everyone = new ArrayList<>(FEW);
  private final List<Call> calls = new ArrayList<>(FEW);
  private int made;

  /** The listener that is being called, for the report of an exception. */
  private ListenerEntry calling;

  private MapChange about;

  /** The fault that an exception of that listener is. */
  private MapFault.Id fault;

  /**
   * Lists the calls of a commit.
   *
   * @param notices one notice for each space with listeners that changes
   * @param doorbells the changes of doorbells and coalesced ranges
   * @return the calls, of which none is made yet
   */
  public static Notification of(List<SpaceNotice> notices, DoorbellChanges doorbells) {
    return notices.isEmpty() && doorbells == DoorbellChanges.NONE ? NONE : new Notification(notices, doorbells);
  }

  private Notification(List<SpaceNotice> notices, DoorbellChanges doorbells) {
    for (int i = 0; i < notices.size(); i++) {
      hear(notices.get(i));
    }
    if (everyone.size() > 1) {
      everyone.sort(Comparator.comparing(Heard::entry));
    }
    for (int i = 0; i < everyone.size(); i++) {
      begin(everyone.get(i));
    }
    lay(doorbells.before());
    for (int i = 0; i < notices.size(); i++) {
      lay(notices.get(i));
    }
    lay(doorbells.after());
  }

  private void lay(List<DoorbellChanges.Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      lay(steps.get(i));
    }
  }

  private void hear(SpaceNotice notice) {
    List<ListenerEntry> listeners = notice.listeners();
    for (int i = 0; i < listeners.size(); i++) {
      everyone.add(new Heard(listeners.get(i), listeners.get(i).narrowed(notice.change())));
    }
  }

  private void begin(Heard heard) {
    calls.add(new Call(heard.entry(), heard.change(), new Callback.Begin(heard.change())));
  }

  private void lay(DoorbellChanges.Step step) {
    lay(step.change(), step.listeners(), step.callback());
  }

  private void lay(MapChange change, List<ListenerEntry> listeners, Callback callback) {
    for (int i = 0; i < listeners.size(); i++) {
      lay(change, listeners.get(i), callback);
    }
  }

  private void layDescending(MapChange change, List<ListenerEntry> listeners, Callback callback) {
    for (int i = listeners.size() - 1; i >= 0; i--) {
      lay(change, listeners.get(i), callback);
    }
  }

  private void lay(MapChange change, ListenerEntry entry, Callback callback) {
    if (callback.concerns(entry.range())) {
      calls.add(new Call(entry, change, callback));
    }
  }

  private void lay(SpaceNotice notice) {
    List<MemoryRegionSection> removed = notice.diff().removed();
    for (int i = 0; i < removed.size(); i++) {
      layDescending(notice.change(), notice.listeners(), new Callback.RegionDel(removed.get(i)));
    }
    if (notice.wantsNops()) {
      layAll(notice);
    } else {
      List<ViewDiff.Step> second = notice.diff().second();
      for (int i = 0; i < second.size(); i++) {
        lay(notice, second.get(i));
      }
    }
  }

  /** Lists the second pass for a notice with listeners that want unchanged sections. */
  private void layAll(SpaceNotice notice) {
    Iterator<ViewDiff.Step> steps = notice.diff().second().iterator();
    ViewDiff.Step step = steps.hasNext() ? steps.next() : null;
    for (MemoryRegionSection section : notice.change().after().sections()) {
      if (step != null && step.section().equals(section)) {
        lay(notice, step);
        step = steps.hasNext() ? steps.next() : null;
      } else {
        layNop(notice, section);
      }
    }
  }

  private void lay(SpaceNotice notice, ViewDiff.Step step) {
    switch (step) {
      case ViewDiff.Added added ->
          lay(notice.change(), notice.listeners(), new Callback.RegionAdd(added.section()));
      case ViewDiff.Kept kept -> layKept(notice, kept);
    }
  }

  private void layNop(SpaceNotice notice, MemoryRegionSection section) {
    lay(notice.change(), notice.listeners().stream().filter(ListenerEntry::nops).toList(),
        new Callback.RegionNop(section));
  }

  private void layKept(SpaceNotice notice, ViewDiff.Kept kept) {
    MemoryRegionSection section = kept.section();
    int before = kept.before().attributes().dirtyLogMask();
    int after = section.attributes().dirtyLogMask();
    layNop(notice, section);
    if ((after & ~before) != 0) {
      lay(notice.change(), notice.listeners(), new Callback.LogStart(section, before, after));
    }
    if ((before & ~after) != 0) {
      layDescending(notice.change(), notice.listeners(), new Callback.LogStop(section, before, after));
    }
  }

  /** Calls {@code plan} of every listener, each of which may veto. */
  public void plan() {
    for (int i = 0; i < everyone.size(); i++) {
      Heard heard = everyone.get(i);
      calling(heard.entry(), heard.change(), MapFault.Id.VETO);
      heard.entry().listener().plan(heard.change());
      calling(null, null, null);
    }
  }

  /** Makes the calls that come before publication. */
  public void announce() {
    while (made < calls.size()) {
      Call call = calls.get(made);
      calling(call.entry(), call.change(), MapFault.Id.LISTENER_FAILED);
      call.callback().call(call.entry().listener());
      made++;
      calling(null, null, null);
    }
  }

  private void calling(ListenerEntry entry, MapChange change, MapFault.Id ifThrown) {
    calling = entry;
    about = change;
    fault = ifThrown;
  }

  /**
   * Takes back the calls that succeeded, the latest first; a failure does not stop that. Allocates nothing of its own.
   * A second call does nothing.
   *
   * @param failed takes the exceptions of listeners, and throws nothing
   */
  public void takeBack(Consumer<Throwable> failed) {
    while (made > 0) {
      Call call = calls.get(--made);
      try {
        call.callback().takeBack(call.entry().listener());
      } catch (Throwable thrown) {
        failed.accept(thrown);
      }
    }
  }

  /**
   * The exception to throw for a commit that failed.
   *
   * @param thrown the exception that ended it
   * @return a fault that names the listener, if a listener threw it; otherwise the same exception
   */
  public Throwable explain(Throwable thrown) {
    if (calling == null) {
      return thrown;
    }
    return new MapException(List.of(new MapFault(fault, "listener " + calling + " of "
        + about.addressSpace() + (fault == MapFault.Id.VETO ? " refused" : " failed before") + " generation "
        + about.generation() + ": " + thrown)), thrown);
  }

  /**
   * Calls every listener after publication.
   *
   * @param failed takes the exceptions of listeners
   */
  public void commit(Consumer<Throwable> failed) {
    for (int i = 0; i < everyone.size(); i++) {
      commit(everyone.get(i), failed);
    }
  }

  private static void commit(Heard heard, Consumer<Throwable> failed) {
    try {
      heard.entry().listener().commit(heard.change());
    } catch (Throwable thrown) {
      failed.accept(thrown);
    }
  }

  /**
   * Replays a view to a listener that was just registered.
   *
   * @param notice all sections, as added
   * @param failed takes the exceptions of the listener when calls are taken back, and throws nothing
   */
  public static void replay(SpaceNotice notice, Consumer<Throwable> failed) {
    Notification replay = new Notification(List.of(), DoorbellChanges.NONE);
    ListenerEntry entry = notice.listeners().getFirst();
    Heard heard = new Heard(entry, entry.narrowed(notice.change()));
    replay.begin(heard);
    notice.diff().added().forEach(section -> replay.layLogged(notice, section));
    doorbells(notice).after().forEach(replay::lay);
    try {
      replay.announce();
      entry.listener().commit(heard.change());
    } catch (Throwable thrown) {
      replay.takeBack(failed);
      throw Failure.rethrow(replay.explain(thrown));
    }
  }

  private static DoorbellChanges doorbells(SpaceNotice notice) {
    DoorbellChanges doorbells = new DoorbellChanges();
    doorbells.add(notice.change(), notice.listeners(), DoorbellChanges::inForce);
    return doorbells;
  }

  private void layLogged(SpaceNotice notice, MemoryRegionSection section) {
    lay(notice.change(), notice.listeners(), new Callback.RegionAdd(section));
    int mask = section.attributes().dirtyLogMask();
    if (mask != 0) {
      lay(notice.change(), notice.listeners(), new Callback.LogStart(section, 0, mask));
    }
  }

  /**
   * Lists the calls to a listener that is removed: each section goes away.
   *
   * @param notice all sections, as removed
   * @return the calls, for {@link #attemptAll}
   */
  public static Notification leaving(SpaceNotice notice) {
    Notification leaving = new Notification(List.of(), DoorbellChanges.NONE);
    ListenerEntry entry = notice.listeners().getFirst();
    Heard heard = new Heard(entry, entry.narrowed(notice.change()));
    leaving.everyone.add(heard);
    DoorbellChanges doorbells = doorbells(notice);
    leaving.begin(heard);
    doorbells.before().forEach(leaving::lay);
    notice.diff().removed().forEach(section -> leaving.layUnlogged(notice, section));
    doorbells.after().forEach(leaving::lay);
    return leaving;
  }

  private void layUnlogged(SpaceNotice notice, MemoryRegionSection section) {
    int mask = section.attributes().dirtyLogMask();
    if (mask != 0) {
      lay(notice.change(), notice.listeners(), new Callback.LogStop(section, mask, 0));
    }
    lay(notice.change(), notice.listeners(), new Callback.RegionDel(section));
  }

  /**
   * Makes all calls, and {@code commit} as the last; a failure does not stop the later ones. Allocates nothing of its
   * own.
   *
   * @param failed takes the exceptions of listeners, and throws nothing
   */
  public void attemptAll(Consumer<Throwable> failed) {
    for (int i = 0; i < calls.size(); i++) {
      try {
        calls.get(i).callback().call(calls.get(i).entry().listener());
      } catch (Throwable thrown) {
        failed.accept(thrown);
      }
    }
    commit(failed);
  }
}
