package io.flatview.dispatch;

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
 * Tells listeners of one commit, in the order that {@link MemoryListener} promises, and can take back what it told:
 * every call that succeeded leaves its inverse behind.
 */
final class Notification {

  /** A call that a listener gets; who it is and about what. */
  private record Heard(ListenerEntry entry, MapChange change) {

    void call(MapFault.Id fault, Consumer<MemoryListener> call) {
      try {
        call.accept(entry.listener());
      } catch (RuntimeException | Error e) {
        throw new MapException(List.of(new MapFault(fault, "listener " + entry.listener() + " of "
            + change.addressSpace() + (fault == MapFault.Id.VETO ? " refused" : " failed before") + " generation "
            + change.generation() + ": " + e)), e);
      }
    }
  }

  private final List<SpaceChange> changes;
  private final GateNews news;
  private final List<Heard> everyone;
  private final List<Runnable> inverses = new ArrayList<>();

  Notification(List<SpaceChange> changes, GateNews news) {
    this.changes = changes;
    this.news = news;
    this.everyone = everyone(changes);
  }

  private static List<Heard> everyone(List<SpaceChange> changes) {
    List<Heard> everyone = new ArrayList<>();
    for (SpaceChange change : changes) {
      change.listeners().forEach(entry -> everyone.add(new Heard(entry, change.change())));
    }
    everyone.sort(Comparator.comparing(Heard::entry, ListenerEntry.ASCENDING));
    return everyone;
  }

  /** Asks everyone for a veto. */
  void plan() {
    everyone.forEach(heard -> heard.call(MapFault.Id.VETO, listener -> listener.plan(heard.change())));
  }

  /** Tells everything that comes before publication. */
  void announce() {
    everyone.forEach(this::begin);
    news.before().forEach(this::tell);
    changes.forEach(this::tell);
    news.after().forEach(this::tell);
  }

  private void tell(GateNews.Step step) {
    step.listeners().forEach(entry -> new Heard(entry, step.change()).call(MapFault.Id.LISTENER_FAILED, listener -> {
      step.call().accept(listener);
      inverses.add(() -> step.inverse().accept(listener));
    }));
  }

  private void begin(Heard heard) {
    heard.call(MapFault.Id.LISTENER_FAILED, listener -> {
      listener.begin(heard.change());
      inverses.add(() -> listener.abort(heard.change()));
    });
  }

  private void tell(SpaceChange change) {
    change.diff().removed().forEach(section -> descending(change, listener -> del(listener, section)));
    if (change.wantsNops()) {
      tellAll(change);
    } else {
      change.diff().second().forEach(step -> tell(change, step));
    }
  }

  /** The second pass with the sections that stay as they are. */
  private void tellAll(SpaceChange change) {
    Iterator<ViewDiff.Step> steps = change.diff().second().iterator();
    ViewDiff.Step step = steps.hasNext() ? steps.next() : null;
    for (MemoryRegionSection section : change.change().after().sections()) {
      if (step != null && step.section().equals(section)) {
        tell(change, step);
        step = steps.hasNext() ? steps.next() : null;
      } else {
        nop(change, section);
      }
    }
  }

  private void tell(SpaceChange change, ViewDiff.Step step) {
    switch (step) {
      case ViewDiff.Added added -> ascending(change, listener -> add(listener, added.section()));
      case ViewDiff.Kept kept -> tellKept(change, kept);
    }
  }

  private static void nop(SpaceChange change, MemoryRegionSection section) {
    change.listeners().stream().filter(ListenerEntry::nops)
        .forEach(entry -> tell(entry, change, listener -> listener.regionNop(section)));
  }

  private void tellKept(SpaceChange change, ViewDiff.Kept kept) {
    MemoryRegionSection section = kept.section();
    int before = kept.before().attributes().dirtyLogMask();
    int after = section.attributes().dirtyLogMask();
    nop(change, section);
    if ((after & ~before) != 0) {
      ascending(change, listener -> start(listener, section, before, after));
    }
    if ((before & ~after) != 0) {
      descending(change, listener -> stop(listener, section, before, after));
    }
  }

  private void del(MemoryListener listener, MemoryRegionSection section) {
    listener.regionDel(section);
    inverses.add(() -> listener.regionAdd(section));
  }

  private void add(MemoryListener listener, MemoryRegionSection section) {
    listener.regionAdd(section);
    inverses.add(() -> listener.regionDel(section));
  }

  private void start(MemoryListener listener, MemoryRegionSection section, int before, int after) {
    listener.logStart(section, before, after);
    inverses.add(() -> listener.logStop(section, after, before));
  }

  private void stop(MemoryListener listener, MemoryRegionSection section, int before, int after) {
    listener.logStop(section, before, after);
    inverses.add(() -> listener.logStart(section, after, before));
  }

  private static void ascending(SpaceChange change, Consumer<MemoryListener> call) {
    change.listeners().forEach(entry -> tell(entry, change, call));
  }

  private static void tell(ListenerEntry entry, SpaceChange change, Consumer<MemoryListener> call) {
    new Heard(entry, change.change()).call(MapFault.Id.LISTENER_FAILED, call);
  }

  private static void descending(SpaceChange change, Consumer<MemoryListener> call) {
    change.listeners().reversed().forEach(entry -> tell(entry, change, call));
  }

  /** Takes back what was told, the latest first; a failure does not stop it. */
  void takeBack(Throwable cause) {
    inverses.reversed().forEach(inverse -> attempt(inverse, cause::addSuppressed));
  }

  /** Tells everyone that the change is published; failures are collected. */
  void commit(Consumer<Throwable> failed) {
    everyone.forEach(heard -> attempt(() -> heard.entry().listener().commit(heard.change()), failed));
  }

  private static void attempt(Runnable call, Consumer<Throwable> failed) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      failed.accept(e);
    }
  }

  /** Replays a view to a listener that was just registered. */
  static void replay(SpaceChange change) {
    GateNews news = new GateNews();
    news.add(change.change(), change.listeners(), GateNews::inForce);
    Notification notification = new Notification(List.of(change), news);
    try {
      notification.everyone.forEach(notification::begin);
      change.diff().added()
          .forEach(section -> ascending(change, listener -> notification.addLogged(listener, section)));
      news.after().forEach(notification::tell);
      change.listeners().forEach(entry -> entry.listener().commit(change.change()));
    } catch (RuntimeException | Error e) {
      notification.takeBack(e);
      throw e;
    }
  }

  private void addLogged(MemoryListener listener, MemoryRegionSection section) {
    add(listener, section);
    int mask = section.attributes().dirtyLogMask();
    if (mask != 0) {
      start(listener, section, 0, mask);
    }
  }

  /** Tells a listener that is leaving that every section goes away; after a failure it still hears the rest. */
  static void replayAway(SpaceChange change) {
    MemoryListener listener = change.listeners().getFirst().listener();
    IllegalStateException failed = new IllegalStateException("listener " + listener + " failed while it was leaving");
    attempt(() -> listener.begin(change.change()), failed::addSuppressed);
    GateNews news = new GateNews();
    news.add(change.change(), change.listeners(), GateNews::inForce);
    news.before().forEach(step -> attempt(() -> step.call().accept(listener), failed::addSuppressed));
    for (MemoryRegionSection section : change.diff().removed()) {
      int mask = section.attributes().dirtyLogMask();
      if (mask != 0) {
        attempt(() -> listener.logStop(section, mask, 0), failed::addSuppressed);
      }
      attempt(() -> listener.regionDel(section), failed::addSuppressed);
    }
    news.after().forEach(step -> attempt(() -> step.call().accept(listener), failed::addSuppressed));
    attempt(() -> listener.commit(change.change()), failed::addSuppressed);
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }
}
