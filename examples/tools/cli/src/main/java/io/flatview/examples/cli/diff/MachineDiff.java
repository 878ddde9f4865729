package io.flatview.examples.cli.diff;

import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.PrintableText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the address spaces of one machine differ from those of another. Address spaces belong together by name, and of
 * equal names by order; regions by name and kind.
 */
public final class MachineDiff {

  /** An address space of either machine, or of both. */
  private record Pair(String name, Optional<AddressSpace> before, Optional<AddressSpace> after) {

    FlatViewDiff diff() {
      if (before.isPresent() && after.isPresent()) {
        return FlatViewDiff.between(before.get().flatView(), after.get().flatView(), MachineDiff::same);
      }
      return new FlatViewDiff(List.of());
    }

    String heading() {
      return "address-space: " + PrintableText.of(name)
          + (before.isEmpty() ? " (new)" : after.isEmpty() ? " (gone)" : "") + "\n";
    }

    boolean isEqual() {
      return before.isPresent() && after.isPresent() && diff().changes().isEmpty();
    }
  }

  private final MachineHost after;
  private final List<Pair> pairs;

  private MachineDiff(MachineHost after, List<Pair> pairs) {
    this.after = after;
    this.pairs = pairs;
  }

  /**
   * Compares two machines.
   *
   * @param before the old one
   * @param after the new one
   * @return how they differ, to be used while both are open
   */
  public static MachineDiff between(MachineHost before, MachineHost after) {
    return new MachineDiff(after, pairs(before, after));
  }

  /**
   * Whether nothing differs.
   *
   * @return true if both have the same address spaces, which show the same
   */
  public boolean isEmpty() {
    return pairs.stream().allMatch(Pair::isEqual);
  }

  /**
   * Tells people.
   *
   * @return the address spaces that differ, each with a line for each change
   */
  public String text() {
    return isEmpty() ? "no difference\n" : pairs.stream().filter(pair -> !pair.isEqual())
        .map(pair -> pair.heading() + after.inspect().text(pair.diff()).indent(2) + '\n')
        .collect(Collectors.joining());
  }

  /**
   * Tells programs.
   *
   * @return a document for each address space that both have
   */
  public String json() {
    return pairs.stream().filter(pair -> pair.before.isPresent() && pair.after.isPresent())
        .map(pair -> after.inspect().json(pair.diff()))
        .collect(Collectors.joining());
  }

  private static List<Pair> pairs(MachineHost before, MachineHost after) {
    Map<String, List<AddressSpace>> old = byName(before);
    Map<String, List<AddressSpace>> now = byName(after);
    now.keySet().forEach(name -> old.putIfAbsent(name, List.of()));
    List<Pair> pairs = new ArrayList<>();
    old.forEach((name, spaces) -> {
      List<AddressSpace> others = now.getOrDefault(name, List.of());
      for (int i = 0; i < Math.max(spaces.size(), others.size()); i++) {
        pairs.add(new Pair(name, at(spaces, i), at(others, i)));
      }
    });
    return pairs;
  }

  private static Map<String, List<AddressSpace>> byName(MachineHost host) {
    Map<String, List<AddressSpace>> byName = new LinkedHashMap<>();
    host.machine().spaces().forEach(
        space -> byName.computeIfAbsent(space.name(), _ -> new ArrayList<>()).add(space));
    return byName;
  }

  private static Optional<AddressSpace> at(List<AddressSpace> spaces, int index) {
    return index < spaces.size() ? Optional.of(spaces.get(index)) : Optional.empty();
  }

  private static boolean same(MemoryRegion one, MemoryRegion other) {
    return one.name().equals(other.name()) && one.getClass() == other.getClass();
  }
}
