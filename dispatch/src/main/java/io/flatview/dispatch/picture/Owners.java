package io.flatview.dispatch.picture;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the box that answers in each band, and the boxes that hide others. */
final class Owners {

  /**
   * Neighbouring bands of a box in which the same box answers.
   *
   * @param top the upper edge, in pixels
   * @param bottom the lower edge, in pixels
   * @param hider the box that answers there; empty where this box does
   */
  record Run(int top, int bottom, Optional<Box> hider) {}

  private final Axis axis;
  private final Map<Band, Box> byBand = new IdentityHashMap<>();

  Owners(Axis axis, List<Box> boxes) {
    this.axis = axis;
    boxes.forEach(box -> box.visible().forEach(range -> axis.of(range).forEach(band -> byBand.put(band, box))));
  }

  Optional<Box> of(Band band) {
    return Optional.ofNullable(byBand.get(band));
  }

  /** The runs of a box that answers, over all of its range. */
  List<Run> runs(Box box) {
    List<Run> runs = new ArrayList<>();
    if (box.answers() && box.content().isPresent()) {
      axis.of(box.content().get()).forEach(band -> add(runs, band, of(band).filter(owner -> owner != box)));
    }
    return runs;
  }

  private static void add(List<Run> runs, Band band, Optional<Box> hider) {
    if (!runs.isEmpty() && runs.getLast().hider().equals(hider)) {
      runs.set(runs.size() - 1, new Run(runs.getLast().top(), band.bottom(), hider));
    } else {
      runs.add(new Run(band.top(), band.bottom(), hider));
    }
  }

  /** The labels of all boxes that hide a part of a box. */
  Set<String> hiders(Box box) {
    Set<String> hiders = new LinkedHashSet<>();
    runs(box).forEach(run -> run.hider().ifPresent(hider -> hiders.add(hider.label())));
    return hiders;
  }
}
