package io.flatview.examples.cli.machine;

import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.MachineDescription.Placement;
import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.machine.RegionKind.Plain;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Size;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Finds what no memory system could build, and tells the line that asks for it. */
public final class RegionGraphCheck {

  private static final Size LARGEST_MEMORY = Size.bytes(Long.MAX_VALUE);
  private static final int LONGEST_CHAIN = 256;
  private static final int NONE = -1;
  private static final int ON_PATH = -1;

  private final MachineDescription machine;
  private final List<RegionSpec> regions;
  private final Problems problems;

  private RegionGraphCheck(MachineDescription machine, Problems problems) {
    this.machine = machine;
    this.regions = machine.regions();
    this.problems = problems;
  }

  /**
   * Checks a description.
   *
   * @param machine the description
   * @param problems gets what is wrong
   */
  public static void check(MachineDescription machine, Problems problems) {
    RegionGraphCheck check = new RegionGraphCheck(machine, problems);
    machine.regions().forEach(check::size);
    machine.placements().forEach(check::placement);
    check.chains(check.parents(), "contains itself", "is nested more than " + LONGEST_CHAIN + " levels deep");
    check.chains(check::aliasTargetOf, "is an alias of itself, by way of nothing but aliases",
        "is an alias of an alias, more than " + LONGEST_CHAIN + " times over");
  }

  private void size(RegionSpec region) {
    boolean memory = region.kind() instanceof Plain kind && kind != Plain.CONTAINER && kind != Plain.MMIO;
    if (memory && region.size().compareTo(LARGEST_MEMORY) > 0) {
      problems.add(region.line(), "memory '" + region.name() + "' of " + region.size()
          + " bytes is too large to be had");
    }
  }

  private void placement(Placement placement) {
    RegionSpec parent = regions.get(placement.parent());
    RegionSpec child = regions.get(placement.child());
    if (parent.kind() instanceof Alias) {
      problems.add(child.line(), "region '" + child.name() + "' is placed in the alias '" + parent.name()
          + "', but an alias contains nothing");
    }
    if (!child.size().isEmpty() && Long.compareUnsigned(placement.offset(), -1 - child.size().last()) > 0) {
      problems.add(child.line(), "region '" + child.name() + "' of " + child.size() + " bytes at offset "
          + AddressRange.hex(placement.offset()) + " reaches beyond 2^64");
    }
  }

  private int aliasTargetOf(int region) {
    return regions.get(region).kind() instanceof Alias(int target, long _) ? target : NONE;
  }

  private IntUnaryOperator parents() {
    int[] parents = new int[regions.size()];
    Arrays.fill(parents, NONE);
    machine.placements().forEach(placement -> parents[placement.child()] = placement.parent());
    return region -> parents[region];
  }

  /** Follows a relation from each region, noting how far it leads; finds circles and chains that are too long. */
  private void chains(IntUnaryOperator next, String circle, String longChain) {
    int[] lengths = new int[regions.size()];
    Deque<Integer> path = new ArrayDeque<>();
    for (int start = 0; start < lengths.length; start++) {
      int region = start;
      for (; region != NONE && lengths[region] == 0; region = next.applyAsInt(region)) {
        lengths[region] = ON_PATH;
        path.push(region);
      }
      if (region != NONE && lengths[region] == ON_PATH) {
        report(region, circle);
      }
      int length = region == NONE ? 0 : Math.max(0, lengths[region]);
      while (!path.isEmpty()) {
        lengths[path.peek()] = ++length;
        if (length == LONGEST_CHAIN + 1) {
          report(path.peek(), longChain);
        }
        path.pop();
      }
    }
  }

  private void report(int region, String fault) {
    problems.add(regions.get(region).line(), "region '" + regions.get(region).name() + "' " + fault);
  }
}
