package io.flatview.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * How one flat view differs from another, told by what happened to each section.
 *
 * <p>A removed and an added section are one change if the same part of the same region shows in both: {@link Altered}
 * if only attributes differ, {@link Resized} if they overlap where the region stands still, {@link
 * Moved} if the whole of it shows elsewhere. Whatever finds no partner is {@link Removed} or {@link Added}.
 *
 * @param changes in ascending order of their addresses before, or after where there was nothing before
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

  /** What happened to a section. */
  public sealed interface Change {

    /**
     * The section as it stood.
     *
     * @return empty for one that was added
     */
    Optional<MemoryRegionSection> before();

    /**
     * The section as it stands.
     *
     * @return empty for one that was removed
     */
    Optional<MemoryRegionSection> after();
  }

  /**
   * A section went away.
   *
   * @param section as it stood
   */
  public record Removed(MemoryRegionSection section) implements Change {
    @Override
    public Optional<MemoryRegionSection> before() {
      return Optional.of(section);
    }

    @Override
    public Optional<MemoryRegionSection> after() {
      return Optional.empty();
    }
  }

  /**
   * A section appeared.
   *
   * @param section as it stands
   */
  public record Added(MemoryRegionSection section) implements Change {
    @Override
    public Optional<MemoryRegionSection> before() {
      return Optional.empty();
    }

    @Override
    public Optional<MemoryRegionSection> after() {
      return Optional.of(section);
    }
  }

  /**
   * A section shows the same part of its region at another address.
   *
   * @param from as it stood
   * @param to as it stands
   */
  public record Moved(MemoryRegionSection from, MemoryRegionSection to) implements Change {
    @Override
    public Optional<MemoryRegionSection> before() {
      return Optional.of(from);
    }

    @Override
    public Optional<MemoryRegionSection> after() {
      return Optional.of(to);
    }
  }

  /**
   * A section shows more or less of its region, which stands where it stood; attributes may differ too.
   *
   * @param from as it stood
   * @param to as it stands
   */
  public record Resized(MemoryRegionSection from, MemoryRegionSection to) implements Change {
    @Override
    public Optional<MemoryRegionSection> before() {
      return Optional.of(from);
    }

    @Override
    public Optional<MemoryRegionSection> after() {
      return Optional.of(to);
    }
  }

  /**
   * A section has other attributes, and is the same in all else.
   *
   * @param from as it stood
   * @param to as it stands
   */
  public record Altered(MemoryRegionSection from, MemoryRegionSection to) implements Change {
    @Override
    public Optional<MemoryRegionSection> before() {
      return Optional.of(from);
    }

    @Override
    public Optional<MemoryRegionSection> after() {
      return Optional.of(to);
    }
  }

  /**
   * Compares two views of one memory system.
   *
   * @param before the old one
   * @param after the new one
   * @return the difference, dirty masks included
   */
  public static FlatViewDiff between(FlatView before, FlatView after) {
    return between(before, after, (one, other) -> one == other);
  }

  /**
   * Compares two views, perhaps of two memory systems.
   *
   * @param before the old one
   * @param after the new one
   * @param same whether a region of the old view and one of the new are the same for the comparison
   * @return the difference, dirty masks included
   */
  public static FlatViewDiff between(
      FlatView before, FlatView after, BiPredicate<MemoryRegion, MemoryRegion> same) {
    return new SectionMatcher(same).unequal(before.sections(), after.sections());
  }

  /**
   * Pairs what went away with what appeared.
   *
   * @param removed in ascending address order
   * @param added in ascending address order
   * @return the difference
   */
  public static FlatViewDiff of(List<MemoryRegionSection> removed, List<MemoryRegionSection> added) {
    return new SectionMatcher((one, other) -> one == other).pair(removed, added);
  }

  static FlatViewDiff sorted(List<Change> changes) {
    List<Change> sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.comparing(FlatViewDiff::firstAddress, Long::compareUnsigned));
    return new FlatViewDiff(sorted);
  }

  private static long firstAddress(Change change) {
    return change.before().or(change::after).orElseThrow().range().first();
  }
}
