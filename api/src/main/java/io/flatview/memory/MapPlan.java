package io.flatview.memory;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The changes that a transaction would make if it were committed now.
 *
 * @param changes one entry for each address space whose view would differ
 * @param overlaps overlapping siblings of equal priority, of which the one placed last wins: legal, but often a mistake
 */
public record MapPlan(List<MapChange> changes, List<MapFault> overlaps) {

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if anything is null
   */
  public MapPlan {
    changes = List.copyOf(changes);
    overlaps = List.copyOf(overlaps);
  }

  /** A line for each change and each overlap. */
  @Override
  public String toString() {
    return Stream.concat(changes.stream(), overlaps.stream()).map(Object::toString)
        .collect(Collectors.joining("\n", "", changes.isEmpty() && overlaps.isEmpty() ? "no change" : ""));
  }
}
