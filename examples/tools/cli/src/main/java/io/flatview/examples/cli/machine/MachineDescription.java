package io.flatview.examples.cli.machine;

import java.util.List;

/**
 * A machine's memory map as data: independent of the text it was read from, and of any memory system.
 *
 * <p>Regions are referred to by their index in {@code regions}.
 *
 * @param name of the machine
 * @param pageSize of its page tables, in bytes
 * @param regions all regions
 * @param placements in the order in which they are to be made: among equals the later wins
 * @param starts addresses of regions that have no parent, where those are not 0
 * @param spaces the address spaces, in the order of the dump
 * @param targets the targets of aliases, in the order in which the dump prints it; empty if it does not print it apart
 */
public record MachineDescription(
    String name,
    int pageSize,
    List<RegionSpec> regions,
    List<Placement> placements,
    List<Start> starts,
    List<Space> spaces,
    List<Integer> targets) {

  /** The page size where a dump does not tell. */
  public static final int DEFAULT_PAGE_SIZE = 4096;

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if anything is null
   */
  public MachineDescription {
    regions = List.copyOf(regions);
    placements = List.copyOf(placements);
    starts = List.copyOf(starts);
    spaces = List.copyOf(spaces);
    targets = List.copyOf(targets);
  }

  /**
   * A region inside another.
   *
   * @param parent the number of the parent in {@code regions}
   * @param child the number of the child in {@code regions}
   * @param offset at which offset of the parent, unsigned
   * @param priority the priority among siblings
   */
  public record Placement(int parent, int child, long offset, int priority) {}

  /**
   * Where a region without a parent starts.
   *
   * @param region the number of the region in {@code regions}
   * @param address the first address, unsigned
   */
  public record Start(int region, long address) {}

  /**
   * An address space.
   *
   * @param name for people; not unique
   * @param root the number of its root in {@code regions}
   */
  public record Space(String name, int root) {}

  /**
   * The same machine with another page size.
   *
   * @param bytes the page size
   * @return a copy
   */
  public MachineDescription withPageSize(int bytes) {
    return new MachineDescription(name, bytes, regions, placements, starts, spaces, targets);
  }

  /**
   * The same machine with other regions in the places of its own.
   *
   * @param others the regions to take their places, as many
   * @return a copy
   */
  MachineDescription withRegions(List<RegionSpec> others) {
    return new MachineDescription(name, pageSize, others, placements, starts, spaces, targets);
  }
}
