package io.flatview.memory;

import java.util.List;

/**
 * The change of one address space by one commit.
 *
 * @param addressSpace the address space whose view changes
 * @param generation the number of the generation that the change makes
 * @param before the view in force until publication
 * @param after the view in force from then on
 * @param removed the sections of {@code before} that go away or change, in ascending address order; a section of which
 *     only the dirty mask changes is in neither list
 * @param added the sections of {@code after} that appear or changed, in ascending address order
 */
public record MapChange(
    AddressSpace addressSpace,
    long generation,
    FlatView before,
    FlatView after,
    List<MemoryRegionSection> removed,
    List<MemoryRegionSection> added) {

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if a list, or a section in it, is null
   */
  public MapChange {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  /** The address space, the generation, and the sections that go away and appear. */
  @Override
  public String toString() {
    return addressSpace + " in generation " + generation + ": removed " + removed + ", added " + added;
  }

  /**
   * The change by what happened to each section.
   *
   * @return the pairs of {@code removed} and {@code added}; computed by each call, at a cost in proportion to the
   *     change
   */
  public FlatViewDiff diff() {
    return FlatViewDiff.of(removed, added);
  }
}
