package io.flatview.dispatch.inspect;

import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.FlatViewDiff.Change;
import io.flatview.memory.FlatViewDiff.Kind;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;

/** Describes for people how two views differ, in a line for each change. */
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
    return "%-9s".formatted(MapJson.word(change.kind()))
        + lines.range(change.after().or(change::before).orElseThrow())
        + (change.before().isPresent() && change.after().isPresent() ? difference(change) : "");
  }

  private static String difference(Change change) {
    MemoryRegionSection from = change.before().orElseThrow();
    return (change.kind() == Kind.ALTERED ? "" : ", from " + from.range())
        + attributes(from, change.after().orElseThrow());
  }

  private static String attributes(MemoryRegionSection from, MemoryRegionSection to) {
    SectionAttributes was = from.attributes();
    SectionAttributes is = to.attributes();
    return flag("read-only", was.readOnly(), is.readOnly())
        + flag("non-volatile", was.nonVolatile(), is.nonVolatile())
        + flag("ROM mode", was.romdMode(), is.romdMode())
        + flag("unmergeable", was.unmergeable(), is.unmergeable())
        + flag("without fetches", was.noFetch(), is.noFetch())
        + (was.dirtyLogMask() == is.dirtyLogMask()
            ? ""
            : ", dirty mask " + Integer.toHexString(was.dirtyLogMask()) + " -> "
                + Integer.toHexString(is.dirtyLogMask()));
  }

  private static String flag(String name, boolean was, boolean is) {
    return was == is ? "" : ", " + (is ? "now " : "no longer ") + name;
  }
}
