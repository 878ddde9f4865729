package io.flatview.dispatch.view;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/** Joins neighbours that continue each other and have equal attributes, so that equal maps have equal sections. */
final class Joining {

  private Joining() {}

  /** Joins sections in ascending order; gives the same list if there is nothing to join. */
  static List<MemoryRegionSection> join(List<MemoryRegionSection> sections) {
    for (int i = 1; i < sections.size(); i++) {
      if (continues(sections.get(i - 1), sections.get(i))) {
        return joined(sections);
      }
    }
    return sections;
  }

  private static List<MemoryRegionSection> joined(List<MemoryRegionSection> sections) {
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
