package io.flatview.examples.bench.bus;

import java.util.function.IntFunction;

/** A way to find what answers. */
public enum BusKind {

  /** The one that others are divided by. */
  SORTED_ARRAY("sorted array, last range", devices -> new SortedArrayBus(Board.ranges(devices))),

  /** A tree. */
  TREE_MAP("TreeMap", devices -> new TreeMapBus(Board.ranges(devices))),

  /** A table of all pages. */
  PAGE_ARRAY("array of pages", devices -> new PageArrayBus(Board.ranges(devices))),

  /** A memory system. */
  SECTION_A_BATCH("flatview, a section a batch", HeldMapBus::new),

  /** A memory system. */
  SECTION_EACH("flatview, a section each", MapBus::new);

  private final String text;
  private final IntFunction<Bus> maker;

  BusKind(String text, IntFunction<Bus> maker) {
    this.text = text;
    this.maker = maker;
  }

  /**
   * For tables.
   *
   * @return the name
   */
  public String text() {
    return text;
  }

  Bus make(int devices) {
    return maker.apply(devices);
  }
}
