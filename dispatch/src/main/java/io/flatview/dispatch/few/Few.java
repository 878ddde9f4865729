package io.flatview.dispatch.few;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Grows lists and sets that mostly end with no element or one, for which they take no room to grow: they begin as the
 * immutable empty list or set, and become mutable with the second element.
 */
public final class Few {

  private Few() {}

  /**
   * Adds an element to a list.
   *
   * @param <E> the type of its elements
   * @param list {@link List#of()}, or a result of this method, which is used up
   * @param more the element to add
   * @return the list with the element at its end
   */
  public static <E> List<E> with(List<E> list, E more) {
    if (list.isEmpty()) {
      return List.of(more);
    }
    List<E> all = list.size() == 1 ? new ArrayList<>(list) : list;
    all.add(more);
    return all;
  }

  /**
   * Adds an element to a set.
   *
   * @param <E> the type of its elements
   * @param set {@link Set#of()}, or a result of this method, which is used up
   * @param more the element to add, which may be in the set
   * @return the set with the element; in the order in which they were added, from the second on
   */
  public static <E> Set<E> with(Set<E> set, E more) {
    if (set.isEmpty()) {
      return Set.of(more);
    }
    if (set.contains(more)) {
      return set;
    }
    Set<E> all = set.size() == 1 ? new LinkedHashSet<>(set) : set;
    all.add(more);
    return all;
  }

  /**
   * Removes an element from a set. Allocates nothing.
   *
   * @param <E> the type of its elements
   * @param set {@link Set#of()}, or a result of {@link #with(Set, Object)} or of this method, which is used up
   * @param gone the element to remove, which need not be in the set
   * @return the set without the element
   */
  public static <E> Set<E> without(Set<E> set, E gone) {
    if (!set.contains(gone)) {
      return set;
    }
    if (set.size() == 1) {
      return Set.of();
    }
    set.remove(gone);
    return set;
  }
}
