package io.flatview.examples.cli.flat;

import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineDescription.Placement;
import io.flatview.examples.cli.machine.MachineDescription.Space;
import io.flatview.examples.cli.machine.RegionKind;
import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.machine.RegionKind.Plain;
import io.flatview.examples.cli.machine.RegionSpec;
import io.flatview.examples.cli.machine.RegionSpec.Flags;
import io.flatview.examples.cli.machine.RegionSpec.Note;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a machine up that shows given flat views.
 *
 * <p>A region for each name, type and priority, as large as the views show of it, and for each range a window on it.
 * The regions stand in a shelf that no address space shows, so that their priorities are printed; a dump does not say
 * which others a region hides.
 */
public final class FlatMachine {

  private static final String SHELF = "(what the views show)";
  private static final String ALIAS = ", alias ";
  private static final String NON_VOLATILE = "nv-";
  private static final Size LARGEST_MEMORY = Size.bytes(Long.MAX_VALUE);

  /** Neighbours that continue each other are of different regions, since QEMU would have joined them. */
  private record Identity(String name, String type, int priority, int twin) {}

  private record Extent(int line, long last, boolean isWritable) {
    Extent with(Extent other) {
      return new Extent(line, Long.compareUnsigned(last, other.last) >= 0 ? last : other.last,
          isWritable || other.isWritable);
    }
  }

  private final String source;
  private final Problems problems;
  private final List<RegionSpec> regions = new ArrayList<>();
  private final List<Placement> placements = new ArrayList<>();
  private final List<Space> spaces = new ArrayList<>();
  private final Map<Identity, Integer> known = new HashMap<>();

  private FlatMachine(String source) {
    this.source = source;
    this.problems = new Problems(source);
  }

  /**
   * Makes a machine up.
   *
   * @param source the name of the dump, which becomes the machine's
   * @param document the views in the dump
   * @return the machine
   * @throws io.flatview.examples.cli.dump.DumpException if ranges of a view overlap
   */
  public static MachineDescription of(String source, FlatDocument document) {
    return new FlatMachine(source).of(document);
  }

  private MachineDescription of(FlatDocument document) {
    add(SHELF, Plain.CONTAINER, Size.FULL, Flags.NONE, Note.NONE, 0);
    Map<Identity, Extent> extents = new LinkedHashMap<>();
    document.views().forEach(view -> identities(view, (range, identity) ->
        extents.merge(identity, new Extent(view.line(), last(range), !range.type().endsWith("rom")), Extent::with)));
    extents.forEach(this::shelve);
    document.views().forEach(this::view);
    problems.throwIfAny();
    return new MachineDescription(
        source, MachineDescription.DEFAULT_PAGE_SIZE, regions, placements, List.of(), spaces, List.of());
  }

  private interface Visitor {
    void range(ViewRange range, Identity identity);
  }

  private void identities(FlatDocument.View view, Visitor visitor) {
    ViewRange before = null;
    int twin = 0;
    for (ViewRange range : view.ranges()) {
      twin = before != null && continues(before, range) ? 1 - twin : 0;
      visitor.range(range, new Identity(range.name(), type(range), range.priority().orElse(0), twin));
      before = range;
    }
  }

  private static boolean continues(ViewRange before, ViewRange range) {
    return range.name().equals(before.name()) && range.range().first() == before.range().last() + 1
        && range.offset() == before.offset() + (range.range().first() - before.range().first());
  }

  /** Memory that refuses writes may be the same as memory that does not. */
  private static String type(ViewRange range) {
    String type = range.type().replace(NON_VOLATILE, "");
    return type.equals("rom") ? "ram" : type;
  }

  private static long last(ViewRange range) {
    return range.offset() + (range.range().last() - range.range().first());
  }

  private void shelve(Identity identity, Extent extent) {
    Size size = extent.last == -1 ? Size.FULL : Size.bytes(extent.last + 1);
    RegionKind kind = kind(identity.type, extent.isWritable);
    boolean tooLarge = kind != Plain.MMIO && size.compareTo(LARGEST_MEMORY) > 0;
    String printed = tooLarge || !identity.type.equals(label(kind)) ? identity.type : "";
    int index = add(identity.name, tooLarge ? Plain.MMIO : kind, size, Flags.NONE, new Note("", printed, false),
        extent.line);
    known.put(identity, index);
    placements.add(new Placement(0, index, 0, identity.priority));
  }

  private static Plain kind(String type, boolean isWritable) {
    return switch (type) {
      case "ram", "ramd" -> isWritable ? Plain.RAM : Plain.ROM;
      case "romd" -> Plain.ROMD;
      default -> Plain.MMIO;
    };
  }

  private static String label(RegionKind kind) {
    return kind == Plain.RAM || kind == Plain.ROM ? "ram" : kind == Plain.ROMD ? "romd" : "i/o";
  }

  private int add(String name, RegionKind kind, Size size, Flags flags, Note note, int line) {
    regions.add(new RegionSpec(line, name, kind, size, flags, note));
    return regions.size() - 1;
  }

  private void view(FlatDocument.View view) {
    int shown = -1;
    if (!view.ranges().isEmpty()) {
      shown = container(view.root().orElse(SHELF), view.line());
      int root = shown;
      ranges(view, root);
    }
    for (int i = 0; i < view.spaces().size(); i++) {
      spaces.add(new Space(view.spaces().get(i), root(view, view.roots().get(i), shown)));
    }
  }

  private void ranges(FlatDocument.View view, int root) {
    ViewRange[] before = new ViewRange[1];
    identities(view, (range, identity) -> {
      if (before[0] != null && Long.compareUnsigned(before[0].range().last(), range.range().first()) >= 0) {
        problems.add(view.line(), "in this view, the range " + range.range() + " starts before the end of "
            + before[0].range());
      }
      before[0] = range;
      placements.add(new Placement(root, window(range, identity, view.line()), range.range().first(), 0));
    });
    if (view.ranges().size() == 1) {
      keepsRoot(root, view.line());
    }
  }

  private int window(ViewRange range, Identity identity, int line) {
    Flags flags = new Flags(true, range.type().endsWith("rom"), range.type().startsWith(NON_VOLATILE));
    return add(range.name(), new Alias(known.get(identity), range.offset()), range.range().size(), flags, Note.NONE,
        line);
  }

  /** Rendering starts at the only child of a container if that fills it; a second child keeps it from that. */
  private void keepsRoot(int root, int line) {
    int empty = add("(nothing)", Plain.CONTAINER, Size.bytes(0), Flags.NONE, Note.NONE, line);
    placements.add(new Placement(root, empty, 0, 0));
  }

  /** The root of an address space, which leads to that of the view. */
  private int root(FlatDocument.View view, String text, int shown) {
    int at = text.lastIndexOf(ALIAS);
    String name = at < 0 ? text : text.substring(0, at);
    String next = at < 0 ? text : text.substring(at + ALIAS.length());
    boolean direct = shown >= 0 && view.root().filter(next::equals).isPresent();
    int target = direct ? shown : passing(next, shown, view.line());
    return at < 0 ? target : add(name, new Alias(target, 0), Size.FULL, Flags.NONE, Note.NONE, view.line());
  }

  private int passing(String name, int shown, int line) {
    int container = container(name, line);
    if (shown >= 0) {
      int window = add(name, new Alias(shown, 0), Size.FULL, Flags.NONE, Note.NONE, line);
      placements.add(new Placement(container, window, 0, 0));
    }
    return container;
  }

  private int container(String name, int line) {
    return add(name, Plain.CONTAINER, Size.FULL, Flags.NONE, Note.NONE, line);
  }
}
