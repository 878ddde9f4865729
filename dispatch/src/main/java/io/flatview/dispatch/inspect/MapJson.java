package io.flatview.dispatch.inspect;

import static io.flatview.dispatch.inspect.JsonWriter.hex;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.FlatViewDiff.Change;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.RegionLabels;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The documents that {@link io.flatview.memory.MapInspector} promises, as maps and lists. */
final class MapJson {

  private final RegionLabels labels;

  /** Whether variants that are not selected are left out of a map. */
  private final boolean selectedOnly;

  /** What each bank selects, read once: a selection may change at any time. */
  private final Map<MemoryRegion.Bank, Integer> selections = new HashMap<>();

  MapJson(RegionLabels labels) {
    this(labels, false);
  }

  MapJson(RegionLabels labels, boolean selectedOnly) {
    this.labels = labels;
    this.selectedOnly = selectedOnly;
  }

  Map<String, Object> map(long generation, List<AddressSpace> spaces) {
    return members(
        "format", "flatview-map-1", "generation", generation,
        "addressSpaces", spaces.stream().map(MapJson::space).toList(),
        "regions", regions(spaces).stream().map(this::region).toList(),
        "views", SharedView.of(spaces).stream().map(this::view).toList());
  }

  private static Map<String, Object> space(AddressSpace space) {
    return members("name", space.name(), "root", space.root().id());
  }

  /** The regions of the trees, and the targets of aliases in them, by id. */
  private Set<MemoryRegion> regions(List<AddressSpace> spaces) {
    Set<MemoryRegion> regions = new TreeSet<>((one, other) -> Long.compare(one.id(), other.id()));
    spaces.forEach(space -> collect(space.root(), regions));
    labels.firstTargets().forEach(target -> collect(target, regions));
    return regions;
  }

  private void collect(MemoryRegion root, Set<MemoryRegion> into) {
    Deque<MemoryRegion> next = new ArrayDeque<>();
    next.push(root);
    while (!next.isEmpty()) {
      MemoryRegion region = next.pop();
      if (into.add(region)) {
        switch (region) {
          case MemoryRegion.Alias alias -> next.push(alias.target());
          case MemoryRegion.Parent parent -> children(parent).forEach(next::push);
        }
      }
    }
  }

  private List<MemoryRegion> children(MemoryRegion.Parent parent) {
    return selectedOnly && parent instanceof MemoryRegion.Bank bank ? selectedVariant(bank) : parent.children();
  }

  private List<MemoryRegion> selectedVariant(MemoryRegion.Bank bank) {
    int number = selected(bank);
    return number == MemoryRegion.Bank.NONE ? List.of() : bank.variant(number).stream().toList();
  }

  private int selected(MemoryRegion.Bank bank) {
    return selections.computeIfAbsent(bank, MemoryRegion.Bank::selected);
  }

  private Map<String, Object> region(MemoryRegion region) {
    Map<String, Object> members = members(
        "id", region.id(), "name", region.name(), "kind", kind(region), "type", labels.type(region),
        "size", region.size().toString(), "enabled", region.isEnabled(), "readOnly", region.isReadOnly(),
        "nonVolatile", region.isNonVolatile(), "unmergeable", region.isUnmergeable(),
        "noFetch", region.isNoFetch(), "dirtyLogMask", region.dirtyLogMask());
    labels.owner(region).ifPresent(owner -> members.put("owner", owner));
    members.putAll(members(
        "parent", region.parent().map(MemoryRegion::id).orElse(null), "offset", hex(region.address()),
        "priority", region.priority()));
    members.putAll(content(region));
    return members;
  }

  private Map<String, Object> content(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Bank bank -> members(
          "children", children(bank).stream().map(MemoryRegion::id).toList(),
          "variants", bank.variants(), "selected", selected(bank));
      case MemoryRegion.Alias alias ->
          members("target", alias.target().id(), "targetOffset", hex(alias.targetOffset()));
      case MemoryRegion.Parent parent -> {
        Map<String, Object> members = members("children", parent.children().stream().map(MemoryRegion::id).toList());
        granularity(parent).ifPresent(granularity -> members.put("discardGranularity", hex(granularity)));
        yield members;
      }
    };
  }

  private static Optional<Long> granularity(MemoryRegion region) {
    return region instanceof MemoryRegion.Ram ram
        ? ram.discardManager().map(RamDiscardManager::granularity) : Optional.empty();
  }

  private static String kind(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Alias _ -> "alias";
      case MemoryRegion.Bank _ -> "bank";
      case MemoryRegion.Container _ -> "container";
      case MemoryRegion.Ram _ -> "ram";
      case MemoryRegion.Rom _ -> "rom";
      case MemoryRegion.RomDevice _ -> "romd";
      case MemoryRegion.Mmio _ -> "mmio";
      case MemoryRegion.Iommu _ -> "iommu";
      case MemoryRegion.Reserved _ -> "reserved";
    };
  }

  private Map<String, Object> view(SharedView shared) {
    Map<String, Object> members = members(
        "addressSpaces", shared.spaces().stream().map(AddressSpace::name).toList(),
        "root", shared.view().root().map(MemoryRegion::id).orElse(null),
        "ranges", ranges(shared.view().sections()));
    if (!selectedOnly && shared.view() instanceof ShownView shown) {
      members.put("banks", shown.banks().stream().map(this::bank).toList());
    }
    return members;
  }

  private List<Map<String, Object>> ranges(List<MemoryRegionSection> sections) {
    return sections.stream()
        .map(section -> section.region() instanceof MemoryRegion.Bank ? bank(section) : range(section)).toList();
  }

  private Map<String, Object> bank(MemoryRegionSection section) {
    Map<String, Object> members = range(section);
    members.put("none", ranges(section.attributes().banked().none()));
    members.put("variants", section.attributes().banked().variants().stream().map(this::ranges).toList());
    return members;
  }

  private Map<String, Object> range(MemoryRegionSection section) {
    return members(
        "first", hex(section.range().first()), "last", hex(section.range().last()), "type", labels.typeLabel(section),
        "name", section.region().name(), "region", section.region().id(), "offset", hex(section.offsetInRegion()),
        "priority", Lines.priority(section.region()), "readOnly", section.attributes().readOnly(),
        "nonVolatile", section.attributes().nonVolatile(), "romdMode", section.attributes().romdMode(),
        "unmergeable", section.attributes().unmergeable(), "noFetch", section.attributes().noFetch(),
        "dirtyLogMask", section.attributes().dirtyLogMask());
  }

  Map<String, Object> explanation(Explanation explanation) {
    Map<String, Object> members = members(
        "format", "flatview-explanation-1", "addressSpace", explanation.addressSpace().name(),
        "address", hex(explanation.address()),
        "candidates", explanation.candidates().stream().map(MapJson::candidate).toList(),
        "answer", explanation.answer().map(this::range).orElse(null));
    explanation.answer().flatMap(section -> Lines.isPopulated(section, explanation.address()))
        .ifPresent(populated -> members.put("populated", populated));
    return members;
  }

  private static Map<String, Object> candidate(Candidate candidate) {
    return members(
        "region", candidate.region().id(), "name", candidate.region().name(),
        "path", candidate.path().stream().map(MemoryRegion::id).toList(),
        "offset", hex(candidate.offset()), "verdict", candidate.verdict().name().toLowerCase(Locale.ROOT));
  }

  /** The word for a kind in the document. It is part of the format and must not follow a renamed constant. */
  static String word(FlatViewDiff.Kind kind) {
    return switch (kind) {
      case ADDED -> "added";
      case REMOVED -> "removed";
      case MOVED -> "moved";
      case RESIZED -> "resized";
      case ALTERED -> "altered";
    };
  }

  Map<String, Object> diff(FlatViewDiff diff) {
    return members("format", "flatview-diff-1", "changes", diff.changes().stream().map(this::change).toList());
  }

  private Map<String, Object> change(Change change) {
    return members(
        "change", word(change.kind()),
        "before", change.before().map(this::range).orElse(null),
        "after", change.after().map(this::range).orElse(null));
  }

  private static Map<String, Object> members(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int index = 0; index < namesAndValues.length; index += 2) {
      members.put((String) namesAndValues[index], namesAndValues[index + 1]);
    }
    return members;
  }
}
