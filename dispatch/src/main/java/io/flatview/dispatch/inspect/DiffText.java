package io.flatview.dispatch.inspect;

import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.FlatViewDiff.Added;
import io.flatview.memory.FlatViewDiff.Altered;
import io.flatview.memory.FlatViewDiff.Change;
import io.flatview.memory.FlatViewDiff.Moved;
import io.flatview.memory.FlatViewDiff.Removed;
import io.flatview.memory.FlatViewDiff.Resized;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;

/** Tells people how two views differ: a line for each change. */
final class DiffText {

  private final Lines lines;

  private DiffText(Lines lines) {
    this.lines = lines;
  }

  static String print(FlatViewDiff diff, Lines lines) {
    DiffText text = new DiffText(lines);
    StringBuilder out = new StringBuilder();
    diff.changes().forEach(change -> out.append(text.line(change)).append('\n'));
    return out.toString();
  }

  private String line(Change change) {
    return switch (change) {
      case Removed(MemoryRegionSection section) -> "removed  " + lines.range(section);
      case Added(MemoryRegionSection section) -> "added    " + lines.range(section);
      case Moved(MemoryRegionSection from, MemoryRegionSection to) ->
          "moved    " + lines.range(to) + ", from " + from.range();
      case Resized(MemoryRegionSection from, MemoryRegionSection to) ->
          "resized  " + lines.range(to) + ", from " + from.range() + attributes(from, to);
      case Altered(MemoryRegionSection from, MemoryRegionSection to) ->
          "altered  " + lines.range(to) + attributes(from, to);
    };
  }

  private static String attributes(MemoryRegionSection from, MemoryRegionSection to) {
    SectionAttributes was = from.attributes();
    SectionAttributes is = to.attributes();
    return told("read-only", was.readOnly(), is.readOnly())
        + told("non-volatile", was.nonVolatile(), is.nonVolatile())
        + told("ROM mode", was.romdMode(), is.romdMode())
        + told("unmergeable", was.unmergeable(), is.unmergeable())
        + told("without fetches", was.noFetch(), is.noFetch())
        + (was.dirtyLogMask() == is.dirtyLogMask()
            ? ""
            : ", dirty mask " + Integer.toHexString(was.dirtyLogMask()) + " -> "
                + Integer.toHexString(is.dirtyLogMask()));
  }

  private static String told(String name, boolean was, boolean is) {
    return was == is ? "" : ", " + (is ? "now " : "no longer ") + name;
  }
}
