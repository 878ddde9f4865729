package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.capture.Block.Heading;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sorts the lines of a tree into blocks. QEMU before 2.1 has bare names for headings, and the word {@code aliases}
 * before those of targets.
 */
final class BlockReader {

  private static final Pattern LEFT_OUT = Pattern.compile(
      "[\\[(<]?\\s*(?:\\.{3,}|\u2026).*|[-\\[(<8 ]*(?:snip|snipped|cut|skipped).*", Pattern.CASE_INSENSITIVE);
  private static final Pattern ORNAMENT = Pattern.compile("[^\\p{L}0-9]*");
  private static final Pattern NAME = Pattern.compile("\\S+(?: \\S+){0,3}(?<![:.?!,;])");
  private static final Pattern TARGET = Pattern.compile(": alias .*? @(.*?) [0-9a-fA-F]{8,16}-");
  private static final String ALIASES = "aliases";

  private final List<Line> lines;
  private final Notes notes;
  private final Set<String> targets = new HashSet<>();
  private final List<Block> blocks = new ArrayList<>();
  private final List<Heading> headings = new ArrayList<>();
  private Block block;
  private boolean targetsFollow;

  private BlockReader(List<Line> lines, Notes notes) {
    this.lines = lines;
    this.notes = notes;
  }

  /** Reads all lines. */
  static List<Block> read(List<Line> lines, Notes notes) {
    return new BlockReader(lines, notes).read();
  }

  private List<Block> read() {
    for (Line line : lines) {
      Matcher target = TARGET.matcher(line.text());
      if (line.text().contains("alias ") && target.find()) {
        targets.add(target.group(1));
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      line(i, lines.get(i));
    }
    end();
    forget();
    return blocks;
  }

  private void line(int index, Line line) {
    String text = line.text().strip();
    if (text.startsWith(MapLine.SPACE) || text.equals(MapLine.SPACE.strip())) {
      heading(line, true, name(text, MapLine.SPACE, line));
    } else if (text.startsWith(MapLine.SECTION) || text.equals(MapLine.SECTION.strip())) {
      heading(line, false, name(text, MapLine.SECTION, line));
    } else if (MapLine.startsRegion(line.text())) {
      region(line);
    } else if (!text.isEmpty()) {
      other(index, line, text);
    }
  }

  private String name(String text, String heading, Line line) {
    return Remarks.without(text.substring(Math.min(heading.length(), text.length())), line.number(), notes);
  }

  private void heading(Line line, boolean isSpace, String name) {
    if (block != null) {
      end();
    } else if (!headings.isEmpty() && !(isSpace && headings.getLast().isSpace())) {
      forget();
    }
    headings.add(new Heading(line.number(), isSpace, name));
  }

  private void region(Line line) {
    RegionLine region = RegionLine.of(line, notes);
    if (region == null || region.isIncomplete()) {
      notes.add(line.number(), "ends before it is complete; the line is left out");
      return;
    }
    if (block == null) {
      block = new Block(headings);
      headings.clear();
    }
    block.regions.add(region);
  }

  private void other(int index, Line line, String text) {
    RegionLine next = next(index);
    if (LEFT_OUT.matcher(text).matches()) {
      notes.add(line.number(), "lines were left out here; the regions of these lines are missing");
    } else if (text.equals(ALIASES)) {
      targetsFollow = true;
    } else if (next != null && isHeading(text, next)) {
      heading(line, !(next.isNamed(text) && (targetsFollow || targets.contains(text))), text);
    } else if (!ORNAMENT.matcher(text).matches()) {
      notes.add(line.number(), "is no line of a map; it is left out");
    }
  }

  /** The line of a region that follows at once. */
  private RegionLine next(int index) {
    return index + 1 < lines.size() ? RegionLine.of(lines.get(index + 1), new Notes()) : null;
  }

  private static boolean isHeading(String text, RegionLine next) {
    return NAME.matcher(text).matches() && (next.isOld() || next.isNamed(text) || text.equals("memory")
        || text.equals("I/O"));
  }

  private void end() {
    if (block != null) {
      blocks.add(block);
    }
    block = null;
  }

  private void forget() {
    headings.forEach(heading -> notes.add(heading.line(), "no region follows this heading; it is left out"));
    headings.clear();
  }
}
