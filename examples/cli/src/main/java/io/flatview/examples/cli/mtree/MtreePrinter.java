package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.LineTail;
import io.flatview.examples.cli.machine.Labels;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints a machine as {@code info mtree -D} does, from its regions and address spaces; with owners, if it was read
 * from a dump that has them.
 *
 * <p>What aliases show follows the address spaces, each region once: in the order in which the aliases come, or as
 * the dump had it, since a dump may lack the lines of disabled aliases.
 */
public final class MtreePrinter {

  private static final String INDENT = "  ";
  private static final String OVERFLOW = "[DETECTED OVERFLOW!] ";

  private final Machine machine;
  private final Labels labels;
  private final StringBuilder out = new StringBuilder();
  private final List<MemoryRegion> targets = new ArrayList<>();

  private MtreePrinter(Machine machine) {
    this.machine = machine;
    this.labels = Labels.of(machine);
  }

  /**
   * Prints a machine.
   *
   * @param machine what to print
   * @return the text, as QEMU would print it
   */
  public static String print(Machine machine) {
    return new MtreePrinter(machine).print();
  }

  /**
   * The address spaces by root, in the order of their first.
   *
   * @param machine whose
   * @return the address spaces with the same root together, sorted by name
   */
  public static Map<MemoryRegion, List<AddressSpace>> groups(Machine machine) {
    Map<MemoryRegion, List<AddressSpace>> groups = machine.spaces().stream()
        .collect(Collectors.groupingBy(AddressSpace::root, LinkedHashMap::new, Collectors.toList()));
    groups.replaceAll((_, spaces) -> spaces.stream().sorted(Comparator.comparing(AddressSpace::name)).toList());
    return groups;
  }

  private String print() {
    machine.description().targets().forEach(region -> targets.add(machine.regions().get(region)));
    groups(machine).forEach(this::group);
    for (int section = 0; section < targets.size(); section++) {
      out.append("memory-region: ").append(targets.get(section).name()).append('\n');
      tree(targets.get(section));
    }
    return out.toString();
  }

  private void group(MemoryRegion root, List<AddressSpace> spaces) {
    spaces.forEach(space -> out.append("address-space: ").append(space.name()).append('\n'));
    tree(root);
  }

  private void tree(MemoryRegion root) {
    node(root, 1, 0);
    out.append('\n');
  }

  private void node(MemoryRegion region, int depth, long base) {
    long first = base + region.address();
    if (region instanceof MemoryRegion.Alias alias && !targets.contains(alias.target())) {
      targets.add(alias.target());
    }
    if (!labels.note(region).unseen()) {
      out.append(overflows(region, base) ? OVERFLOW : "").repeat(INDENT, depth);
      out.append(line(region, first)).append('\n');
    }
    if (region instanceof MemoryRegion.Parent parent) {
      sorted(parent).forEach(child -> node(child, depth + 1, first));
    }
  }

  /** By address, then by descending priority; of equals the latest first, as the children come. */
  private static List<MemoryRegion> sorted(MemoryRegion.Parent parent) {
    return parent.children().stream()
        .sorted(Comparator.comparing(MemoryRegion::address, Long::compareUnsigned)
            .thenComparing(MemoryRegion::priority, Comparator.reverseOrder()))
        .toList();
  }

  private String line(MemoryRegion region, long first) {
    return range(first, length(region)) + " (prio " + region.priority() + ", " + labels.typeLabel(region) + "): "
        + body(region) + (region.isEnabled() ? "" : LineTail.DISABLED) + labels.note(region).owner();
  }

  private static String body(MemoryRegion region) {
    return region instanceof MemoryRegion.Alias alias
        ? "alias " + alias.name() + " @" + alias.target().name() + " "
            + range(alias.targetOffset(), length(alias))
        : region.name();
  }

  /** A range that may wrap, which {@link AddressRange} cannot. */
  private static String range(long first, long length) {
    return AddressRange.hex(first) + "-" + AddressRange.hex(first + length);
  }

  private static boolean overflows(MemoryRegion region, long base) {
    long first = base + region.address();
    return Long.compareUnsigned(first, base) < 0 || Long.compareUnsigned(first + length(region), first) < 0;
  }

  /** One less than the size; an empty region prints like one of a single byte. */
  private static long length(MemoryRegion region) {
    return region.size().isEmpty() ? 0 : region.size().last();
  }
}
