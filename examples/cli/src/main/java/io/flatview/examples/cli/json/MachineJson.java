package io.flatview.examples.cli.json;

import static io.flatview.examples.cli.json.JsonWriter.hex;

import io.flatview.examples.cli.flat.SharedView;
import io.flatview.examples.cli.flat.ViewTexts;
import io.flatview.examples.cli.machine.Labels;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A machine as JSON, for other programs. Addresses, offsets and sizes are texts such as {@code "0x0000000000001000"};
 * regions are referred to by their {@code id}.
 *
 * <table class="striped">
 * <caption>Members of the document</caption>
 * <thead><tr><th scope="col">member</th><th scope="col">holds</th></tr></thead>
 * <tbody>
 * <tr><td>{@code machine}</td><td>{@code name}, {@code pageSize}</td></tr>
 * <tr><td>{@code addressSpaces}</td><td>for each: {@code name}, {@code root}</td></tr>
 * <tr><td>{@code regions}</td><td>for each: {@code id}, {@code name}, {@code kind} (container, mmio, ram, rom, romd,
 * alias), {@code type} (as QEMU prints it), {@code size}, {@code enabled}, {@code readOnly}, {@code nonVolatile},
 * {@code owner} if known; {@code parent}, {@code offset} and {@code priority} if it has a parent; {@code children} in
 * the order in which they win; {@code target} and {@code targetOffset} if it is an alias</td></tr>
 * <tr><td>{@code views}</td><td>only with {@code --flat}; for each: {@code addressSpaces} (names), {@code root} (id or
 * null), {@code ranges} with {@code first}, {@code last}, {@code type}, {@code name}, {@code region}, {@code offset},
 * {@code priority}</td></tr>
 * <tr><td>{@code explanations}</td><td>only with {@code --explain}; for each address space: {@code addressSpace},
 * {@code address}, {@code candidates} in the order in which they were asked with {@code region}, {@code path}, {@code
 * offset}, {@code verdict} (answers, hidden, passes_on, disabled), and {@code answer}: a range, or null</td></tr>
 * </tbody>
 * </table>
 */
public final class MachineJson {

  private final Machine machine;
  private final Labels labels;
  private final ViewTexts texts;
  private final Map<String, Object> document = new LinkedHashMap<>();

  /**
   * Starts a document with the tree of a machine.
   *
   * @param machine the machine
   */
  public MachineJson(Machine machine) {
    this.machine = machine;
    this.labels = Labels.of(machine);
    this.texts = new ViewTexts(machine);
    document.put("machine", members("name", machine.name(), "pageSize", machine.pageSize()));
    document.put("addressSpaces", machine.spaces().stream().map(MachineJson::space).toList());
    document.put("regions", machine.regions().stream().map(this::region).toList());
  }

  /**
   * Adds the views.
   *
   * @return this
   */
  public MachineJson withViews() {
    document.put("views", SharedView.of(machine).stream().map(this::view).toList());
    return this;
  }

  /**
   * Adds how an address decodes in each address space.
   *
   * @param address unsigned
   * @return this
   */
  public MachineJson withExplanations(long address) {
    document.put("explanations",
        machine.spaces().stream().map(space -> explanation(space.explain(address))).toList());
    return this;
  }

  /**
   * The document so far.
   *
   * @return its text
   */
  public String write() {
    return JsonWriter.write(document);
  }

  private static Map<String, Object> space(AddressSpace space) {
    return members("name", space.name(), "root", space.root().id());
  }

  private Map<String, Object> region(MemoryRegion region) {
    Map<String, Object> members = members(
        "id", region.id(), "name", region.name(), "kind", kind(region), "type", labels.type(region).label(),
        "size", region.size().toString(), "enabled", region.isEnabled(), "readOnly", region.isReadOnly(),
        "nonVolatile", region.isNonVolatile());
    if (!labels.note(region).owner().isEmpty()) {
      members.put("owner", labels.note(region).owner().strip());
    }
    region.parent().ifPresent(parent -> members.putAll(members(
        "parent", parent.id(), "offset", hex(region.address()), "priority", region.priority())));
    members.putAll(content(region));
    return members;
  }

  private static Map<String, Object> content(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Alias alias ->
          members("target", alias.target().id(), "targetOffset", hex(alias.targetOffset()));
      case MemoryRegion.Parent parent ->
          members("children", parent.children().stream().map(MemoryRegion::id).toList());
    };
  }

  private static String kind(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Alias _ -> "alias";
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
    return members(
        "addressSpaces", shared.spaces().stream().map(AddressSpace::name).toList(),
        "root", shared.view().root().map(MemoryRegion::id).orElse(null),
        "ranges", shared.view().sections().stream().map(this::range).toList());
  }

  private Map<String, Object> range(MemoryRegionSection section) {
    return members(
        "first", hex(section.range().first()), "last", hex(section.range().last()), "type", labels.typeLabel(section),
        "name", section.region().name(), "region", section.region().id(), "offset", hex(section.offsetInRegion()),
        "priority", texts.range(section).priority().orElse(0));
  }

  private Map<String, Object> explanation(Explanation explanation) {
    return members(
        "addressSpace", explanation.addressSpace().name(), "address", hex(explanation.address()),
        "candidates", explanation.candidates().stream().map(MachineJson::candidate).toList(),
        "answer", explanation.answer().map(this::range).orElse(null));
  }

  private static Map<String, Object> candidate(Candidate candidate) {
    List<Long> path = new ArrayList<>();
    candidate.path().forEach(region -> path.add(region.id()));
    return members(
        "region", candidate.region().id(), "name", candidate.region().name(), "path", path,
        "offset", hex(candidate.offset()), "verdict", candidate.verdict().name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> members(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int index = 0; index < namesAndValues.length; index += 2) {
      members.put((String) namesAndValues[index], namesAndValues[index + 1]);
    }
    return members;
  }
}
