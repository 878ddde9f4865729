package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.capture.Block.Heading;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.memory.PrintableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Gives the lines of a tree the form in which QEMU prints it, and puts in what must be assumed. */
final class TreeLayout {

  private static final String DISABLED = "[disabled]";
  private static final String EVERYTHING = "  " + "0".repeat(16) + "-" + "f".repeat(16) + " (prio 0, i/o): ";

  private final Notes notes;
  private final List<Line> out = new ArrayList<>();
  private final List<Block> blocks;
  private final boolean marksDisabled;
  private final boolean rooted;
  private final int base;

  private TreeLayout(List<Block> read, Notes notes) {
    this.notes = notes;
    int least = read.stream().mapToInt(Block::least).min().orElse(0);
    this.rooted = read.stream().anyMatch(block -> block.hasRootAt(least));
    this.base = rooted ? least : least - 2;
    this.blocks = new ArrayList<>(
        rooted ? read.stream().flatMap(block -> block.splitAt(least).stream()).toList() : read);
    this.marksDisabled = read.stream().flatMap(block -> block.regions.stream())
        .anyMatch(region -> region.body().contains(DISABLED));
  }

  /** Lays out a tree. */
  static List<Line> lay(Session session, Notes notes) {
    if (!session.lines().getLast().isBlank() && hasHeadings(session)) {
      notes.add(session.lines().getLast().number(),
          "no empty line follows the last tree; the text may have been cut off behind this line");
    }
    List<Block> blocks = BlockReader.read(session.lines(), notes);
    Nesting.restore(blocks, notes);
    return new TreeLayout(blocks, notes).lay();
  }

  /** QEMU before 2.1 prints bare names, and no empty lines. */
  private static boolean hasHeadings(Session session) {
    return session.lines().stream().map(Line::text)
        .anyMatch(text -> text.contains(MapLine.SPACE) || text.contains(MapLine.SECTION));
  }

  private List<Line> lay() {
    Set<String> sections = sections();
    blocks.forEach(block -> block.regions.replaceAll(region -> tidy(region, sections)));
    MissingTargets targets = new MissingTargets(blocks);
    blocks.forEach(block -> requireHeading(block, targets));
    requireSpace();
    blocks.forEach(this::block);
    targets.add(sections(), out, notes);
    return out;
  }

  private Set<String> sections() {
    return blocks.stream().filter(Block::isSection).map(Block::name).collect(Collectors.toSet());
  }

  private RegionLine tidy(RegionLine region, Set<String> sections) {
    AliasBody alias = AliasBody.of(region.body(), region.first(), region.last(), sections);
    return region.withBody(alias == null
        ? Remarks.without(region.body(), region.line(), notes)
        : alias.canonical() + Remarks.ofAlias(alias.rest(), region.line(), notes));
  }

  private void requireHeading(Block block, MissingTargets targets) {
    if (block.headings.isEmpty()) {
      String name = rooted ? block.regions.getFirst().name() : "memory";
      boolean target = targets.isShown(name);
      block.headings.add(new Heading(block.line(), !target, name));
      notes.add(block.line(), "no heading stands before this tree; taken for "
          + (target ? "the memory-region" : "an address-space") + " '" + PrintableText.of(name) + "'");
    }
  }

  /** Targets alone: the first of them is what an address space shows. */
  private void requireSpace() {
    if (!blocks.isEmpty() && blocks.stream().allMatch(Block::isSection)) {
      Block first = blocks.stream().filter(block -> block.name().equals("system")).findFirst()
          .orElse(blocks.getFirst());
      Block space = new Block(List.of(new Heading(first.line(), true, "memory")));
      space.regions.addAll(first.regions);
      blocks.addFirst(space);
      notes.add(first.line(),
          "the text has no address-space; assumed one that shows '" + PrintableText.of(first.name()) + "'");
    }
  }

  private void block(Block block) {
    block.headings.forEach(heading -> out.add(new Line(heading.line(), heading.text())));
    int depth = 0;
    if (block.least() > base && (marksDisabled || !rooted)) {
      root(block);
      depth = 1;
    }
    for (RegionLine region : block.regions) {
      depth = depth(region, depth);
      out.add(region.at(depth));
    }
    out.add(new Line(block.line(), ""));
  }

  /** Where a dump marks what is disabled, no line is missing, and none is deeper by more than one level. */
  private int depth(RegionLine region, int above) {
    int depth = (region.blanks() - base) / 2 + 1;
    if (marksDisabled && depth > above + 1) {
      notes.add(region.line(), "is indented by more than one level; assumed one");
      return above + 1;
    }
    return depth;
  }

  private void root(Block block) {
    String name = block.headings.getFirst().name();
    notes.add(block.line(), "the root of this tree is missing; assumed a container '" + PrintableText.of(name) + "'");
    out.add(new Line(block.line(), EVERYTHING + name));
  }
}
