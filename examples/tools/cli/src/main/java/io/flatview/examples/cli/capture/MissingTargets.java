package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.memory.PrintableText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts in the targets of aliases that a text lacks. */
final class MissingTargets {

  private record Place(Block block, int index) {
    RegionLine region() {
      return block.regions.get(index);
    }
  }

  /** The first alias that shows a target, and the last offset that any shows. */
  private record Wanted(RegionLine alias, long last) {
    Wanted with(Wanted other) {
      return Long.compareUnsigned(last, other.last) >= 0 ? this : new Wanted(alias, other.last);
    }
  }

  private final Map<String, Wanted> wanted = new LinkedHashMap<>();
  private final Map<String, List<Place>> places = new HashMap<>();

  MissingTargets(List<Block> blocks) {
    for (Block block : blocks) {
      for (int index = 0; index < block.regions.size(); index++) {
        note(block, index, block.regions.get(index));
      }
    }
  }

  private void note(Block block, int index, RegionLine region) {
    AliasBody alias = AliasBody.of(region.body(), region.first(), region.last(), Set.of());
    if (alias == null) {
      places.computeIfAbsent(region.name(), _ -> new ArrayList<>()).add(new Place(block, index));
    } else {
      wanted.merge(alias.target(), new Wanted(region, Addresses.value(alias.last())), Wanted::with);
    }
  }

  /** Whether an alias shows a region of this name. */
  boolean isShown(String name) {
    return wanted.containsKey(name);
  }

  /** Adds a section for each target that has none. */
  void add(Set<String> sections, List<Line> out, Notes notes) {
    wanted.forEach((name, alias) -> {
      if (!sections.contains(name)) {
        out.add(new Line(alias.alias.line(), MapLine.SECTION + name));
        List<Place> there = places.getOrDefault(name, List.of());
        if (there.size() == 1) {
          copy(name, there.getFirst(), alias, out, notes);
        } else {
          assume(name, alias, out, notes);
        }
        out.add(new Line(alias.alias.line(), ""));
      }
    });
  }

  /** A region that the text shows in another place, with what it contains, at its offset in its parent. */
  private static void copy(String name, Place place, Wanted alias, List<Line> out, Notes notes) {
    List<RegionLine> lines = place.block.regions;
    RegionLine root = place.region();
    int parent = place.index - 1;
    while (parent >= 0 && lines.get(parent).blanks() >= root.blanks()) {
      parent--;
    }
    long by = parent < 0 ? 0 : Addresses.value(lines.get(parent).first());
    for (int i = place.index; i < lines.size() && (i == place.index || lines.get(i).blanks() > root.blanks()); i++) {
      out.add(lines.get(i).lowered(by).at((lines.get(i).blanks() - root.blanks()) / 2 + 1));
    }
    notes.add(alias.alias.line(), "there is no 'memory-region: " + PrintableText.of(name)
        + "', which this alias shows; taken from line " + root.line());
  }

  private static void assume(String name, Wanted alias, List<Line> out, Notes notes) {
    boolean container = alias.alias.type().endsWith("i/o") || alias.alias.type().equals("container");
    String type = container ? "container" : alias.alias.type();
    out.add(new RegionLine(alias.alias.line(), 0, Addresses.wide("0"), Addresses.wide(Long.toHexString(alias.last)),
        "0", type, name).at(1));
    notes.add(alias.alias.line(), "there is no 'memory-region: " + PrintableText.of(name)
        + "', which this alias shows; assumed "
        + (container ? "a container that holds nothing" : "a region of that name and of the alias's type"));
  }
}
