package io.flatview.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * The difference of two flat views, by what happened to each section.
 *
 * <p>A section that went away and one that appeared are one change if they show the same part of the same region:
 * {@link Kind#ALTERED} if only attributes differ, {@link Kind#RESIZED} if they overlap and the region has not moved,
 * {@link Kind#MOVED} if the whole part shows at another address. A section without a partner is {@link Kind#REMOVED} or
 * {@link Kind#ADDED}.
 *
 * @param changes the changes, in ascending order of the address of {@code before}, or of {@code after} where {@code
 *     before} is empty
 */
public record FlatViewDiff(List<Change> changes) {

  /**
   * Copies the list.
   *
   * @throws NullPointerException if anything is null
   */
  public FlatViewDiff {
    changes = List.copyOf(changes);
  }

  /** The kinds of changes of a section. */
  public enum Kind {
    /** The section went away. */
    REMOVED,
    /** The section appeared. */
    ADDED,
    /** The section shows the same part of its region at another address. */
    MOVED,
    /** The section shows more or less of its region, which has not moved; attributes may differ, too. */
    RESIZED,
    /** Only the attributes of the section differ. */
    ALTERED
  }

  /**
   * The change of one section.
   *
   * @param kind how {@code before} and {@code after} differ
   * @param before the section in the old view; empty for {@link Kind#ADDED}
   * @param after the section in the new view; empty for {@link Kind#REMOVED}
   */
  public record Change(Kind kind, Optional<MemoryRegionSection> before, Optional<MemoryRegionSection> after) {

    /**
     * Checks that exactly the sections are present that the kind requires.
     *
     * @throws IllegalArgumentException if a section is missing, or is one too many
     */
    public Change {
      if (before.isPresent() == (kind == Kind.ADDED) || after.isPresent() == (kind == Kind.REMOVED)) {
        throw new IllegalArgumentException("a change " + kind + " from " + before + " to " + after);
      }
    }

    /** The section whose address orders the changes. */
    private MemoryRegionSection earlier() {
      return before.or(this::after).orElseThrow();
    }
  }

  /**
   * Compares two views of one memory system.
   *
   * @param before the old view
   * @param after the new view
   * @return the difference, dirty masks included
   */
  public static FlatViewDiff between(FlatView before, FlatView after) {
    return between(before, after, (one, other) -> one == other);
  }

  /**
   * Compares two views, perhaps of two memory systems.
   *
   * @param before the old view
   * @param after the new view
   * @param same whether a region of the old view and a region of the new view count as the same
   * @return the difference, dirty masks included
   */
  public static FlatViewDiff between(
      FlatView before, FlatView after, BiPredicate<MemoryRegion, MemoryRegion> same) {
    return new SectionMatcher(same).unequal(before.sections(), after.sections());
  }

  /**
   * Pairs the sections that went away with those that appeared.
   *
   * @param removed the sections that went away, in ascending address order
   * @param added the sections that appeared, in ascending address order
   * @return the difference
   */
  public static FlatViewDiff of(List<MemoryRegionSection> removed, List<MemoryRegionSection> added) {
    return new SectionMatcher((one, other) -> one == other).pair(removed, added);
  }

  static FlatViewDiff sorted(List<Change> changes) {
    List<Change> sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.comparing(change -> change.earlier().range().first(), Long::compareUnsigned));
    return new FlatViewDiff(sorted);
  }
}
