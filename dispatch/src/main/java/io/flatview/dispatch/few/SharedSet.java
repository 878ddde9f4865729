package io.flatview.dispatch.few;

import java.util.List;
import java.util.Set;

/**
 * A set that several threads change and that mostly ends with no element or one: a set of {@link Few}, guarded by this
 * object's lock.
 *
 * @param <E> the type of its elements
 */
public final class SharedSet<E> {

  private Set<E> elements = Set.of();

  /** Makes an empty set. */
  public SharedSet() {}

  /**
   * Adds an element.
   *
   * @param more the element, which may be in the set
   */
  public synchronized void add(E more) {
    elements = Few.with(elements, more);
  }

  /**
   * Removes an element. Allocates nothing.
   *
   * @param gone the element, which need not be in the set
   */
  public synchronized void remove(E gone) {
    elements = Few.without(elements, gone);
  }

  /**
   * The element that was added first.
   *
   * @return null if the set is empty
   */
  public synchronized E first() {
    return elements.isEmpty() ? null : elements.iterator().next();
  }

  /**
   * The present elements.
   *
   * @return a copy
   */
  public synchronized List<E> toList() {
    return List.copyOf(elements);
  }

  /**
   * Empties the set. Allocates nothing.
   *
   * @return the elements that it had
   */
  public synchronized Set<E> takeAll() {
    Set<E> all = elements;
    elements = Set.of();
    return all;
  }
}
