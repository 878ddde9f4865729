package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MtreeOption;
import io.flatview.memory.PrintableText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints trees as {@code info mtree} does. */
final class TreeText {

  private static final String OVERFLOW = "[DETECTED OVERFLOW!] ";

  /** A region to print. The walk keeps these on a stack of its own, since trees may be deeper than a thread's stack. */
  private record Node(MemoryRegion region, int depth, long base) {
    long first() {
      return base + region.address();
    }
  }

  private final Lines lines;
  private final StringBuilder out = new StringBuilder();
  private final List<MemoryRegion> targets = new ArrayList<>();
  private final Map<MemoryRegion, Integer> selected = new IdentityHashMap<>();
  private final Set<MemoryRegion> known = Collections.newSetFromMap(new IdentityHashMap<>());

  private TreeText(Lines lines) {
    this.lines = lines;
  }

  static String print(List<AddressSpace> spaces, Lines lines) {
    return new TreeText(lines).print(spaces);
  }

  /** Groups the address spaces by root: groups in the order of their first space, spaces in a group sorted by name. */
  static Map<MemoryRegion, List<AddressSpace>> groups(List<AddressSpace> spaces) {
    Map<MemoryRegion, List<AddressSpace>> groups = spaces.stream()
        .collect(Collectors.groupingBy(AddressSpace::root, LinkedHashMap::new, Collectors.toList()));
    groups.replaceAll((_, group) -> group.stream().sorted(Comparator.comparing(AddressSpace::name)).toList());
    return groups;
  }

  private String print(List<AddressSpace> spaces) {
    lines.labels().firstTargets().forEach(this::target);
    groups(spaces).forEach(this::group);
    for (int section = 0; section < targets.size(); section++) {
      out.append("memory-region: ").append(Lines.name(targets.get(section))).append('\n');
      tree(targets.get(section));
    }
    return out.toString();
  }

  private void target(MemoryRegion region) {
    if (known.add(region)) {
      targets.add(region);
    }
  }

  private void group(MemoryRegion root, List<AddressSpace> spaces) {
    spaces.forEach(space -> out.append("address-space: ").append(PrintableText.of(space.name())).append('\n'));
    tree(root);
  }

  private void tree(MemoryRegion root) {
    Deque<Node> next = new ArrayDeque<>();
    next.push(new Node(root, 1, 0));
    while (!next.isEmpty()) {
      Node node = next.pop();
      node(node);
      if (node.region instanceof MemoryRegion.Parent parent) {
        sorted(parent).reversed().forEach(child -> next.push(new Node(child, node.depth + 1, node.first())));
      }
    }
    out.append('\n');
  }

  private void node(Node node) {
    if (node.region instanceof MemoryRegion.Alias alias) {
      target(alias.target());
    }
    boolean shows = node.region.isEnabled() && isSelected(node.region);
    if (isListed(node.region, shows)) {
      out.append(overflows(node.region, node.base) ? OVERFLOW : "").repeat(Lines.INDENT, node.depth);
      out.append(lines.region(node.region, node.first(), shows)).append(bank(node.region)).append('\n');
    }
  }

  private boolean isListed(MemoryRegion region, boolean shows) {
    return lines.labels().isListed(region) && (shows || lines.options().contains(MtreeOption.DISABLED));
  }

  /** A variant that its bank does not select is listed like a region that is disabled. */
  private boolean isSelected(MemoryRegion region) {
    return !(region.parent().orElse(null) instanceof MemoryRegion.Bank bank) || selected(bank) == region.priority();
  }

  /** The selection of a bank, which is read once. */
  private int selected(MemoryRegion.Bank bank) {
    return selected.computeIfAbsent(bank, _ -> bank.selected());
  }

  private String bank(MemoryRegion region) {
    return region instanceof MemoryRegion.Bank bank
        ? " [bank, " + Lines.selection(selected(bank)) + " of " + bank.variants() + "]"
        : "";
  }

  /** The children sorted by address, then by descending priority; of equals the one placed last comes first. */
  private static List<MemoryRegion> sorted(MemoryRegion.Parent parent) {
    return parent.children().stream()
        .sorted(Comparator.comparing(MemoryRegion::address, Long::compareUnsigned)
            .thenComparing(MemoryRegion::priority, Comparator.reverseOrder()))
        .toList();
  }

  private static boolean overflows(MemoryRegion region, long base) {
    long first = base + region.address();
    return Long.compareUnsigned(first, base) < 0 || Long.compareUnsigned(first + Lines.length(region), first) < 0;
  }
}
