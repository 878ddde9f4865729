package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.dump.RegionType;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineDescription.Placement;
import io.flatview.examples.cli.machine.MachineDescription.Space;
import io.flatview.examples.cli.machine.MachineDescription.Start;
import io.flatview.examples.cli.machine.RegionGraphCheck;
import io.flatview.examples.cli.machine.RegionKind;
import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.machine.RegionKind.Plain;
import io.flatview.examples.cli.machine.RegionSpec;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns the lines of a tree into the machine that they were printed from.
 *
 * <p>What a tree does not tell is settled as follows. A region of type {@code i/o} is a container if it contains
 * anything, and a device's registers otherwise. Of two children of equal priority the one that starts higher wins, as
 * a device over a background that was placed before it; if both start at the same address, the one that is listed
 * first.
 */
public final class TreeResolver {

  private static final String BUS_MASTER = "bus master container";

  private final TreeDocument document;
  private final Forest forest;
  private final int[] targets;
  private final int[] same;
  private final Map<Integer, Integer> indexes = new HashMap<>();
  private final List<Integer> lines = new ArrayList<>();

  private TreeResolver(TreeDocument document) {
    this.document = document;
    this.forest = new Forest(document);
    this.targets = AliasTargets.find(forest, document.source());
    this.same = Identities.find(forest, targets);
    IntStream.range(0, forest.size()).filter(line -> same[line] == line).forEach(line -> {
      indexes.put(line, lines.size());
      lines.add(line);
    });
  }

  /**
   * Resolves a document.
   *
   * @param document the lines
   * @return the machine; its page size is the default, since a tree does not tell it
   * @throws io.flatview.examples.cli.dump.DumpException if no machine can be like that
   */
  public static MachineDescription resolve(TreeDocument document) {
    return new TreeResolver(document).resolve();
  }

  private MachineDescription resolve() {
    Problems problems = new Problems(document.source());
    if (document.groups().isEmpty()) {
      problems.add(0, "the dump has no address space; was its beginning cut off?");
    }
    MachineDescription machine = new MachineDescription(document.name(), MachineDescription.DEFAULT_PAGE_SIZE,
        lines.stream().map(this::spec).toList(), placements(), starts(), spaces(),
        forest.sectionRoots().stream().map(this::region).toList());
    RegionGraphCheck.check(machine, problems);
    problems.throwIfAny();
    return machine;
  }

  private int region(int line) {
    return indexes.get(same[line]);
  }

  private RegionSpec spec(int line) {
    TreeNode text = forest.text(line);
    RegionSpec.Flags flags = new RegionSpec.Flags(!text.disabled(), false, text.head().nonVolatile());
    RegionSpec.Note note = new RegionSpec.Note(text.owner(), printed(text.head().type()), text.unseen());
    return new RegionSpec(text.line(), text.name(), kind(line), text.head().range().size(), flags, note);
  }

  private RegionKind kind(int line) {
    TreeNode text = forest.text(line);
    return targets[line] == Forest.NONE
        ? plain(line, text)
        : new Alias(region(forest.sectionRoots().get(targets[line])), text.alias().orElseThrow().window().first());
  }

  private Plain plain(int line, TreeNode text) {
    return switch (text.head().type()) {
      case CONTAINER -> Plain.CONTAINER;
      case IO, READ_WRITE, WRITE_ONLY, NEITHER ->
          text.children().isEmpty() && !isBusMaster(line, text) ? Plain.MMIO : Plain.CONTAINER;
      case READ_ONLY -> text.children().isEmpty() ? Plain.ROM : Plain.CONTAINER;
      case RAM, RAMD -> Plain.RAM;
      case ROM -> Plain.ROM;
      case ROMD -> Plain.ROMD;
    };
  }

  /** The space of a device that masters no bus yet: a container of which an alias of everything is disabled. */
  private boolean isBusMaster(int line, TreeNode text) {
    return forest.isRoot(line) && text.name().equals(BUS_MASTER) && text.head().range().size().equals(Size.FULL);
  }

  /** The parts of a type that a region cannot show. */
  private static String printed(RegionType type) {
    return type == RegionType.RAMD || type.isVague() ? type.label() : "";
  }

  /** The winner is placed last: so the highest start comes last, and of equal starts the one listed first. */
  private List<Placement> placements() {
    List<Integer> inOrder = new ArrayList<>(lines.stream().filter(line -> !forest.isRoot(line)).toList());
    Collections.reverse(inOrder);
    inOrder.sort(Comparator.comparing(line -> forest.text(line).first(), Long::compareUnsigned));
    return inOrder.stream().map(this::placement).toList();
  }

  private Placement placement(int line) {
    return new Placement(region(forest.node(line).parent()), indexes.get(line), forest.offset(line),
        forest.text(line).head().priority());
  }

  private List<Start> starts() {
    return lines.stream()
        .filter(line -> forest.isRoot(line) && forest.text(line).first() != 0)
        .map(line -> new Start(indexes.get(line), forest.text(line).first()))
        .toList();
  }

  private List<Space> spaces() {
    List<Space> spaces = new ArrayList<>();
    for (int group = 0; group < document.groups().size(); group++) {
      int root = region(forest.groupRoots().get(group));
      document.groups().get(group).spaces().forEach(name -> spaces.add(new Space(name, root)));
    }
    return spaces;
  }
}
