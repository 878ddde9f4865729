package io.flatview.dispatch.picture;

import io.flatview.memory.AddressRange;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Maps addresses to heights. A band grows with the logarithm of its size, so that eight bytes of registers and
 * gigabytes of memory are both readable; holes are cut short. The more bands, the less they grow.
 */
final class Axis {

  /** The height of a line of text, in pixels. */
  static final int LINE = 15;

  private static final int THIN = 6;
  private static final int HOLE = 24;
  private static final int FEW = 60;
  private static final int SOME = 300;

  private final List<Band> bands = new ArrayList<>();
  private final FlatView view;
  private final Set<Long> starts = new HashSet<>();
  private final int bounds;

  private Axis(FlatView view, List<Box> boxes) {
    this.view = view;
    TreeSet<Long> cuts = new TreeSet<>(Long::compareUnsigned);
    cuts.add(0L);
    for (Box box : boxes) {
      start(cuts, box.range());
      box.content().ifPresent(content -> cut(cuts, content));
      box.visible().forEach(visible -> cut(cuts, visible));
    }
    view.sections().forEach(section -> start(cuts, section.range()));
    this.bounds = cuts.size();
    List<Long> firsts = List.copyOf(cuts);
    for (int i = 0; i < firsts.size(); i++) {
      add(new AddressRange(firsts.get(i), i + 1 < firsts.size() ? firsts.get(i + 1) - 1 : -1));
    }
  }

  static Axis of(FlatView view, List<Box> boxes) {
    return new Axis(view, boxes);
  }

  private void start(Set<Long> cuts, AddressRange range) {
    starts.add(range.first());
    cut(cuts, range);
  }

  private static void cut(Set<Long> cuts, AddressRange range) {
    cuts.add(range.first());
    if (range.last() != -1) {
      cuts.add(range.last() + 1);
    }
  }

  private void add(AddressRange range) {
    Optional<MemoryRegionSection> section = view.find(range.first());
    boolean labelled = starts.contains(range.first());
    int top = bands.isEmpty() ? 0 : bands.getLast().bottom();
    bands.add(new Band(range, section, labelled, top, height(range, section.isEmpty(), labelled)));
  }

  private int height(AddressRange range, boolean hole, boolean labelled) {
    int least = labelled ? LINE : THIN;
    if (hole) {
      return Math.max(least, bounds <= SOME ? HOLE : THIN + THIN);
    }
    int doublings = Long.SIZE - Long.numberOfLeadingZeros(range.last() - range.first());
    return least + (int) Math.round(doublings * (bounds <= FEW ? 1.1 : bounds <= SOME ? 0.45 : 0.12));
  }

  /** The bands, in ascending address order, without gaps. */
  List<Band> bands() {
    return bands;
  }

  int height() {
    return bands.getLast().bottom();
  }

  /** The bands of a range; its bounds must be bounds of bands. */
  List<Band> of(AddressRange range) {
    return bands.subList(indexOf(range.first()), indexOf(range.last()) + 1);
  }

  private int indexOf(long address) {
    int low = 0;
    int high = bands.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Long.compareUnsigned(bands.get(middle).range().first(), address) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
