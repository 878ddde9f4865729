package io.flatview.examples.cli.model;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineDescription.Placement;
import io.flatview.examples.cli.machine.MachineDescription.Space;
import io.flatview.examples.cli.machine.MachineDescription.Start;
import io.flatview.examples.cli.machine.RegionGraphCheck;
import io.flatview.examples.cli.machine.RegionKind;
import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.machine.RegionKind.Plain;
import io.flatview.examples.cli.machine.RegionSpec;
import io.flatview.memory.AddressRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the regions, placements and address spaces of a model file. Not for several threads. */
final class GraphReader {

  private static final int SMALLEST_PAGE = 256;
  private static final int LARGEST_PAGE = 65_536;
  private static final String ALIAS = "alias";
  private static final int PLAIN_FIELDS = 6;
  private static final int ALIAS_FIELDS = 8;

  private final Problems problems;
  private final List<Region> regions = new ArrayList<>();
  private final Map<Integer, Integer> indexById = new HashMap<>();
  private final List<Child> children = new ArrayList<>();
  private final List<Root> roots = new ArrayList<>();
  private String name = "";
  private int pageSize;

  GraphReader(Problems problems) {
    this.problems = problems;
  }

  void name(Fields fields) {
    if (!name.isEmpty()) {
      throw new BadLineException("the machine has a name already: '" + name + "'");
    }
    name = fields.text(1);
  }

  void pageSize(Fields fields) {
    int bytes = fields.decimal(1);
    if (bytes < SMALLEST_PAGE || bytes > LARGEST_PAGE || Integer.bitCount(bytes) != 1) {
      throw new BadLineException("a page of " + bytes + " bytes; powers of two from " + SMALLEST_PAGE + " to "
          + LARGEST_PAGE + " are possible");
    }
    pageSize = bytes;
  }

  void region(int line, Fields fields) {
    boolean alias = fields.count() > 2 && fields.text(2).equals(ALIAS);
    fields.exactly(alias ? ALIAS_FIELDS : PLAIN_FIELDS);
    RegionKind kind = alias ? new Alias(fields.decimal(6), fields.hex(7)) : plain(fields.text(2));
    RegionSpec spec = new RegionSpec(
        line, fields.text(5), kind, fields.size(3), flags(fields.text(4)), RegionSpec.Note.NONE);
    if (indexById.putIfAbsent(fields.decimal(1), regions.size()) != null) {
      throw new BadLineException("a second region has the id " + fields.text(1));
    }
    regions.add(new Region(line, spec));
  }

  void placement(int line, Fields fields) {
    children.add(new Child(line, fields.decimal(1), fields.decimal(2), fields.hex(3), fields.decimal(4),
        fields.decimal(5)));
  }

  void space(int line, Fields fields) {
    roots.add(new Root(line, fields.decimal(1), fields.hex(2), fields.text(3)));
  }

  MachineDescription finish() {
    if (name.isEmpty() || pageSize == 0) {
      problems.add(0, "no line " + (name.isEmpty() ? "D names the machine" : "P tells the page size"));
    }
    if (roots.isEmpty()) {
      problems.add(0, "no line A names an address space; was the file cut off?");
    }
    List<RegionSpec> specs = new ArrayList<>();
    regions.forEach(region -> problems.guard(region.line, () -> specs.add(resolved(region.spec))));
    Map<Integer, Child> byChild = byChild();
    problems.throwIfAny();
    MachineDescription machine = new MachineDescription(
        name, pageSize, specs, placements(), starts(byChild), spaces(), List.of());
    RegionGraphCheck.check(machine, problems);
    problems.throwIfAny();
    return machine;
  }

  private Map<Integer, Child> byChild() {
    Map<Integer, Child> byChild = new HashMap<>();
    Map<Integer, Map<Integer, Child>> byRank = new HashMap<>();
    children.forEach(child -> problems.guard(child.line, () -> {
      index(child.parent);
      if (byChild.putIfAbsent(index(child.child), child) != null) {
        throw new BadLineException("region " + child.child + " has a parent already");
      }
      if (byRank.computeIfAbsent(child.parent, _ -> new HashMap<>()).putIfAbsent(child.rank, child) != null) {
        throw new BadLineException("another child of region " + child.parent + " has the rank " + child.rank);
      }
    }));
    return byChild;
  }

  /** Rank 0 is looked at first, and of equals the last placed wins: so the highest rank is placed first. */
  private List<Placement> placements() {
    return children.stream()
        .sorted(Comparator.comparingInt(Child::rank).reversed())
        .map(child -> new Placement(index(child.parent), index(child.child), child.offset, child.priority))
        .toList();
  }

  private List<Start> starts(Map<Integer, Child> byChild) {
    Map<Integer, Long> starts = new LinkedHashMap<>();
    roots.forEach(root -> problems.guard(root.line, () -> {
      Child placed = byChild.get(index(root.region));
      Long known = placed == null ? starts.putIfAbsent(index(root.region), root.address) : (Long) placed.offset;
      if (known != null && known != root.address) {
        throw new BadLineException("region " + root.region + " starts at " + AddressRange.hex(root.address)
            + " here and at " + AddressRange.hex(known) + " elsewhere");
      }
    }));
    return starts.entrySet().stream()
        .filter(start -> start.getValue() != 0)
        .map(start -> new Start(start.getKey(), start.getValue()))
        .toList();
  }

  private List<Space> spaces() {
    List<Space> spaces = new ArrayList<>();
    roots.forEach(root -> problems.guard(root.line, () -> spaces.add(new Space(root.name, index(root.region)))));
    return spaces;
  }

  private RegionSpec resolved(RegionSpec spec) {
    return spec.kind() instanceof Alias(int target, long offset)
        ? spec.withKind(new Alias(index(target), offset))
        : spec;
  }

  private int index(int id) {
    Integer index = indexById.get(id);
    if (index == null) {
      throw new BadLineException("no line R has the id " + id);
    }
    return index;
  }

  private static Plain plain(String label) {
    for (Plain kind : Plain.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(label)) {
        return kind;
      }
    }
    throw new BadLineException("'" + Numbers.excerpt(label) + "' is no kind of region; known are container, mmio, ram,"
        + " rom, romd, alias");
  }

  private static RegionSpec.Flags flags(String text) {
    if (!text.matches("[ed][r-][n-]")) {
      throw new BadLineException(
          "'" + Numbers.excerpt(text) + "' are no flags; expected e or d, then r or -, then n or -");
    }
    return new RegionSpec.Flags(text.charAt(0) == 'e', text.charAt(1) == 'r', text.charAt(2) == 'n');
  }

  private record Region(int line, RegionSpec spec) {}

  private record Child(int line, int parent, int child, long offset, int priority, int rank) {}

  private record Root(int line, int region, long address, String name) {}
}
