package io.flatview.memory;

import io.flatview.memory.FlatViewDiff.Change;
import io.flatview.memory.FlatViewDiff.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Pairs each section that went away with the one that shows the same part of its region now. */
final class SectionMatcher {

  private final BiPredicate<MemoryRegion, MemoryRegion> same;
  private final List<Change> changes = new ArrayList<>();

  SectionMatcher(BiPredicate<MemoryRegion, MemoryRegion> same) {
    this.same = same;
  }

  /** Leaves out sections that are equal in both views, then pairs the rest. */
  FlatViewDiff unequal(List<MemoryRegionSection> before, List<MemoryRegionSection> after) {
    Map<AddressRange, MemoryRegionSection> now = new LinkedHashMap<>();
    after.forEach(section -> now.put(section.range(), section));
    List<MemoryRegionSection> removed = new ArrayList<>();
    for (MemoryRegionSection section : before) {
      MemoryRegionSection there = now.get(section.range());
      if (there != null && samePlace(section, there) && section.attributes().equals(there.attributes())) {
        now.remove(section.range());
      } else {
        removed.add(section);
      }
    }
    return pair(removed, List.copyOf(now.values()));
  }

  FlatViewDiff pair(List<MemoryRegionSection> removed, List<MemoryRegionSection> added) {
    List<MemoryRegionSection> gone = new ArrayList<>(removed);
    List<MemoryRegionSection> come = new ArrayList<>(added);
    match(gone, come, this::altered, Kind.ALTERED);
    match(gone, come, this::resized, Kind.RESIZED);
    match(gone, come, this::moved, Kind.MOVED);
    gone.forEach(section -> changes.add(new Change(Kind.REMOVED, Optional.of(section), Optional.empty())));
    come.forEach(section -> changes.add(new Change(Kind.ADDED, Optional.empty(), Optional.of(section))));
    return FlatViewDiff.sorted(changes);
  }

  private void match(
      List<MemoryRegionSection> gone, List<MemoryRegionSection> come,
      BiPredicate<MemoryRegionSection, MemoryRegionSection> belong, Kind kind) {
    gone.removeIf(before -> {
      for (int i = 0; i < come.size(); i++) {
        if (belong.test(before, come.get(i))) {
          changes.add(new Change(kind, Optional.of(before), Optional.of(come.remove(i))));
          return true;
        }
      }
      return false;
    });
  }

  private boolean altered(MemoryRegionSection before, MemoryRegionSection after) {
    return before.range().equals(after.range()) && samePlace(before, after);
  }

  private boolean resized(MemoryRegionSection before, MemoryRegionSection after) {
    return before.range().overlaps(after.range()) && samePlace(before, after);
  }

  private boolean moved(MemoryRegionSection before, MemoryRegionSection after) {
    return before.offsetInRegion() == after.offsetInRegion()
        && before.range().last() - before.range().first() == after.range().last() - after.range().first()
        && before.attributes().equals(after.attributes())
        && same.test(before.region(), after.region());
  }

  /** Whether the region stands still: the same offset is at the same address. */
  private boolean samePlace(MemoryRegionSection before, MemoryRegionSection after) {
    return before.range().first() - before.offsetInRegion() == after.range().first() - after.offsetInRegion()
        && same.test(before.region(), after.region());
  }
}
