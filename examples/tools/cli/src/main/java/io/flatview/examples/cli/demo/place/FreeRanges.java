package io.flatview.examples.cli.demo.place;

import io.flatview.memory.AddressRange;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/** Finds room for windows between the sections of a flat view. */
public final class FreeRanges {

  private static final long ALIGNMENT = 4096;
  private static final long STRIDE = 0x1_0000;

  private FreeRanges() {}

  /**
   * The holes of a view.
   *
   * @param view the view whose sections are taken
   * @param bounds where to look
   * @return the holes in ascending order
   */
  public static List<AddressRange> holes(FlatView view, AddressRange bounds) {
    List<AddressRange> holes = new ArrayList<>();
    long next = bounds.first();
    boolean more = true;
    for (MemoryRegionSection section : view.sections()) {
      addHole(holes, bounds, next, section.range().first() - 1, section.range().first() != 0);
      next = section.range().last() + 1;
      more = next != 0;
    }
    addHole(holes, bounds, next, bounds.last(), more);
    return holes;
  }

  private static void addHole(List<AddressRange> holes, AddressRange bounds, long first, long last, boolean any) {
    if (any && Long.compareUnsigned(first, last) <= 0) {
      new AddressRange(first, last).intersect(bounds).ifPresent(holes::add);
    }
  }

  /**
   * Chooses places in holes: first one in each hole, right behind the section before it, then a second in each.
   *
   * @param holes the free ranges to choose from
   * @param count how many places
   * @param bytes how large each
   * @return the first addresses, spread evenly; fewer than asked for if there is no room
   */
  public static List<Long> places(List<AddressRange> holes, int count, long bytes) {
    List<Long> found = new ArrayList<>();
    for (long round = 0; round < count && found.size() < count; round++) {
      for (AddressRange hole : holes) {
        addPlace(found, hole, round * STRIDE, bytes);
      }
    }
    return spread(found, count);
  }

  private static void addPlace(List<Long> found, AddressRange hole, long offset, long bytes) {
    long first = (hole.first() + ALIGNMENT - 1 & -ALIGNMENT) + offset;
    if (hole.contains(first) && Long.compareUnsigned(hole.last() - first, bytes - 1) >= 0) {
      found.add(first);
    }
  }

  private static List<Long> spread(List<Long> found, int count) {
    List<Long> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(count, found.size()); i++) {
      chosen.add(found.get((int) ((long) i * found.size() / Math.min(count, found.size()))));
    }
    return chosen;
  }
}
