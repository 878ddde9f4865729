package io.flatview.dispatch;

import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How many address spaces show each view in force, and which memory they keep alive. Guarded by the committer's lock.
 *
 * <p>A block is counted once for each section of each view in force, and stays counted until a grace period after the
 * section was replaced. A view that takes the place of another takes over its counts, so that only the sections that
 * differ are counted.
 */
final class ShownViews {

  private final SharedMaps shared;
  private final Map<FlatView, Integer> counts = new IdentityHashMap<>();

  ShownViews(SharedMaps shared) {
    this.shared = shared;
  }

  /**
   * Counts what is about to be published instead of what is in force.
   *
   * @return the sections whose memory is to be let go once nobody can see what is in force now
   */
  List<List<MemoryRegionSection>> replace(List<SpaceChange> changes) {
    Set<FlatView> fresh = identitySet();
    Set<FlatView> dropped = identitySet();
    for (SpaceChange change : changes) {
      if (!change.closesSpace() && counts.merge(change.change().after(), 1, Integer::sum) == 1) {
        fresh.add(change.change().after());
      }
    }
    for (SpaceChange change : changes) {
      if (change.space().shown != null && drop(change.change().before())) {
        dropped.add(change.change().before());
      }
    }
    List<List<MemoryRegionSection>> gone = takeOver(changes, fresh, dropped);
    fresh.forEach(view -> forRam(view.sections(), RamBlock::retain));
    dropped.forEach(view -> gone.add(view.sections()));
    return gone;
  }

  private static Set<FlatView> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Hands the counts of dropped views on to those that take their place. */
  private static List<List<MemoryRegionSection>> takeOver(
      List<SpaceChange> changes, Set<FlatView> fresh, Set<FlatView> dropped) {
    List<List<MemoryRegionSection>> gone = new ArrayList<>();
    for (SpaceChange change : changes) {
      FlatView before = change.change().before();
      FlatView after = change.change().after();
      if (fresh.contains(after) && dropped.contains(before)) {
        fresh.remove(after);
        dropped.remove(before);
        forRam(change.change().added(), RamBlock::retain);
        gone.add(change.change().removed());
      }
    }
    return gone;
  }

  /** Lets go of memory that some sections showed; what fails does not keep the rest. */
  static void release(List<List<MemoryRegionSection>> gone) {
    List<RuntimeException> failures = new ArrayList<>();
    gone.forEach(sections -> forRam(sections, block -> release(block, failures)));
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  private static void release(RamBlock block, List<RuntimeException> failures) {
    try {
      block.release();
    } catch (RuntimeException e) {
      failures.add(e);
    }
  }

  private static void forRam(List<MemoryRegionSection> sections, Consumer<RamBlock> call) {
    for (MemoryRegionSection section : sections) {
      RamBlock ram = RegionNode.of(section.region()).ram();
      if (ram != null) {
        call.accept(ram);
      }
    }
  }

  /** Forgets what was built for views that are not going to be published. */
  void forgetUnpublished(List<SpaceChange> changes) {
    for (SpaceChange change : changes) {
      if (!change.closesSpace() && !counts.containsKey(change.next().view())) {
        shared.forget(change.next().view());
      }
    }
  }

  private boolean drop(FlatView view) {
    boolean last = counts.merge(view, -1, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b)) == null;
    if (last) {
      shared.forget(view);
    }
    return last;
  }
}
