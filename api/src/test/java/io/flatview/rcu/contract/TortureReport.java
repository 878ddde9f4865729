package io.flatview.rcu.contract;

import java.time.Duration;
import java.util.List;

/**
 * What an {@link AgeingTorture} saw.
 *
 * @param elapsed how long it ran, or how long it took to find a violation
 * @param sections how many read-side sections ran
 * @param updates how many elements were unlinked and retired
 * @param waits how many elements were unlinked and freed after a wait
 * @param deaths how many threads died inside a section
 * @param ages how many elements readers held at each age: 0 linked, 1 unlinked, then one more for each grace period
 * @param poisoned how many sections saw the contents of an element change under them
 * @param unbuilt how many sections did not see what was written to an element before it was linked
 */
public record TortureReport(
    Duration elapsed, long sections, long updates, long waits, long deaths, List<Long> ages, long poisoned,
    long unbuilt) {

  /**
   * How often readers held what they may hold.
   *
   * @return the count of ages 0 and 1
   */
  public long young() {
    return sum(ages.subList(0, AgeingElement.FREED));
  }

  /**
   * How often readers held something although a grace period had ended since it was unlinked.
   *
   * @return the count of age 2 and more
   */
  public long old() {
    return sum(ages.subList(AgeingElement.FREED, ages.size()));
  }

  /**
   * How often a reader was not protected.
   *
   * @return 0 for a policy that is right
   */
  public long violations() {
    return old() + poisoned + unbuilt;
  }

  /**
   * Whether the run was worth anything.
   *
   * @return true if readers read and updaters updated
   */
  public boolean hasChecked() {
    return young() > 0 && updates + waits > 0;
  }

  @Override
  public String toString() {
    return "%.2f s, sections %d, updates %d, waits %d, deaths %d, poisoned %d, unbuilt %d, ages %s".formatted(
        elapsed.toNanos() / 1e9, sections, updates, waits, deaths, poisoned, unbuilt, ages);
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }
}
