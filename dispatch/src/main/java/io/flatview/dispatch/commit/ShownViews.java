package io.flatview.dispatch.commit;

import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many address spaces show each view in force, and which memory they keep alive. Guarded by the map's lock.
 *
 * <p>A block is counted once for each section of each view in force, also for those that banks may show, and stays
 * counted until a grace period after the section was replaced. A view that takes the place of another takes over its
 * counts, so that only the sections that differ are counted.
 */
final class ShownViews {

  /** What a commit shifts. */
  static final class Shift {

    /** How many spaces show each view that is concerned, from then on. */
    private final Map<FlatView, Integer> counts;

    /** The blocks of sections that appear, once for each; the first of them are counted. */
    private final List<RamBlock> appearing;

    /** The blocks of sections that go, once for each: released when no reader can see what is in force now. */
    private final List<RamBlock> gone;

    private int retained;

    Shift(Map<FlatView, Integer> counts, List<RamBlock> appearing, List<RamBlock> gone) {
      this.counts = counts;
      this.appearing = appearing;
      this.gone = gone;
    }

    List<RamBlock> gone() {
      return gone;
    }

    /** Counts the blocks that are about to show; before publication, since a block may be closed. */
    void retain() {
      while (retained < appearing.size()) {
        appearing.get(retained).retain();
        retained++;
      }
    }

    /** Takes back what was counted. Allocates nothing of its own. */
    void letGo(Failures failures) {
      while (retained > 0) {
        release(appearing.get(--retained), failures);
      }
    }
  }

  private final SharedMaps shared;
  private final Map<FlatView, Integer> counts = new IdentityHashMap<>();

  ShownViews(SharedMaps shared) {
    this.shared = shared;
  }

  /** What a commit would shift; nothing is counted yet. */
  Shift shift(List<SpaceChange> changes) {
    Map<FlatView, Integer> after = after(changes);
    Set<FlatView> fresh = identitySet(changes.size());
    Set<FlatView> dropped = identitySet(changes.size());
    after.forEach((view, count) -> {
      boolean shown = counts.containsKey(view);
      if (count > 0 && !shown) {
        fresh.add(view);
      } else if (count == 0 && shown) {
        dropped.add(view);
      }
    });
    List<RamBlock> appearing = new ArrayList<>();
    List<RamBlock> gone = new ArrayList<>();
    takeOver(changes, fresh, dropped, appearing, gone);
    fresh.forEach(view -> addRam(view.sections(), appearing));
    dropped.forEach(view -> addRam(view.sections(), gone));
    return new Shift(after, appearing, gone);
  }

  private Map<FlatView, Integer> after(List<SpaceChange> changes) {
    Map<FlatView, Integer> after = new IdentityHashMap<>(2 * changes.size());
    for (SpaceChange change : changes) {
      if (!change.closesSpace()) {
        add(after, change.change().after(), 1);
      }
      if (change.space().shown != null) {
        add(after, change.change().before(), -1);
      }
    }
    return after;
  }

  private void add(Map<FlatView, Integer> after, FlatView view, int spaces) {
    Integer count = after.get(view);
    after.put(view, (count == null ? counts.getOrDefault(view, 0) : count) + spaces);
  }

  private static Set<FlatView> identitySet(int expected) {
    return Collections.newSetFromMap(new IdentityHashMap<>(expected));
  }

  /** Hands the counts of dropped views on to those that take their place. */
  private static void takeOver(
      List<SpaceChange> changes, Set<FlatView> fresh, Set<FlatView> dropped, List<RamBlock> appearing,
      List<RamBlock> gone) {
    for (SpaceChange change : changes) {
      FlatView before = change.change().before();
      FlatView after = change.change().after();
      if (fresh.contains(after) && dropped.contains(before)) {
        fresh.remove(after);
        dropped.remove(before);
        addRam(change.change().added(), appearing);
        addRam(change.change().removed(), gone);
      }
    }
  }

  private static void addRam(List<MemoryRegionSection> sections, List<RamBlock> blocks) {
    for (MemoryRegionSection section : sections) {
      if (section.region() instanceof MemoryRegion.Bank) {
        section.possible().forEach(possible -> addRam(possible.region(), blocks));
      } else {
        addRam(section.region(), blocks);
      }
    }
  }

  private static void addRam(MemoryRegion region, List<RamBlock> blocks) {
    RamBlock ram = RegionNode.of(region).ram();
    if (ram != null) {
      blocks.add(ram);
    }
  }

  /** Notes a shift whose commit is published. If that fails half way, {@link #recount} mends it. */
  void note(Shift shift) {
    shift.counts.forEach((view, count) -> {
      if (count == 0) {
        counts.remove(view);
        shared.forget(view);
      } else {
        counts.put(view, count);
      }
    });
  }

  /** Counts anew what the open spaces show. */
  void recount(List<DispatchSpace> open) {
    Map<FlatView, Integer> shown = new IdentityHashMap<>();
    for (DispatchSpace space : open) {
      if (space.shown != null) {
        shown.merge(space.shownView(), 1, Integer::sum);
      }
    }
    counts.clear();
    counts.putAll(shown);
    shared.keepOnly(shown.keySet());
  }

  /** Releases blocks; a failure does not keep the rest. Allocates nothing of its own. */
  static void release(List<RamBlock> gone, Failures failures) {
    for (int i = 0; i < gone.size(); i++) {
      release(gone.get(i), failures);
    }
  }

  private static void release(RamBlock ram, Failures failures) {
    try {
      ram.release();
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }

  /** Forgets what was built for views that are not going to be published. Allocates nothing. */
  void forgetUnpublished(List<SpaceChange> changes) {
    for (int i = 0; i < changes.size(); i++) {
      SpaceChange change = changes.get(i);
      if (!change.closesSpace() && !counts.containsKey(change.next().view())) {
        shared.forget(change.next().view());
      }
    }
  }
}
