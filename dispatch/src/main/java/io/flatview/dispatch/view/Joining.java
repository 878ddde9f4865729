package io.flatview.dispatch.view;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Joins neighbours that continue each other and have equal attributes, so that equal maps have equal sections. */
final class Joining {

  private static final Comparator<MemoryRegionSection> BY_ADDRESS =
      (a, b) -> Long.compareUnsigned(a.range().first(), b.range().first());

  private Joining() {}

  /** Sorts sections by address, and joins them; gives the same list if there is nothing to join. */
  static List<MemoryRegionSection> joined(List<MemoryRegionSection> sections) {
    if (sections.size() > 1) {
      sections.sort(BY_ADDRESS);
    }
    for (int i = 1; i < sections.size(); i++) {
      if (continues(sections.get(i - 1), sections.get(i))) {
        return joinAll(sections);
      }
    }
    return sections;
  }

  private static List<MemoryRegionSection> joinAll(List<MemoryRegionSection> sections) {
    List<MemoryRegionSection> joined = new ArrayList<>(sections.size());
    for (MemoryRegionSection section : sections) {
      if (!joined.isEmpty() && continues(joined.getLast(), section)) {
        joined.set(joined.size() - 1, join(joined.getLast(), section));
      } else {
        joined.add(section);
      }
    }
    return joined;
  }

  private static boolean continues(MemoryRegionSection left, MemoryRegionSection right) {
    long next = left.range().last() + 1;
    return right.range().first() == next
        && right.region() == left.region()
        && right.offsetInRegion() == left.offsetOf(next)
        && right.attributes().equals(left.attributes())
        && !left.attributes().unmergeable();
  }

  private static MemoryRegionSection join(MemoryRegionSection left, MemoryRegionSection right) {
    return new MemoryRegionSection(new AddressRange(left.range().first(), right.range().last()), left.region(),
        left.offsetInRegion(), left.attributes());
  }
}
