package io.flatview.examples.cli.flat;

import java.util.List;
import java.util.Optional;

/**
 * The view of one address space, as text.
 *
 * @param space the name of the address space; not unique
 * @param root the name of the region at which rendering started; empty if none did or the dump does not tell
 * @param ranges in ascending order
 */
public record SpaceView(String space, Optional<String> root, List<ViewRange> ranges) {

  /**
   * Copies the list.
   *
   * @throws NullPointerException if anything is null
   */
  public SpaceView {
    ranges = List.copyOf(ranges);
  }
}
