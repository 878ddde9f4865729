package io.flatview.rcu.contract;

/**
 * What an {@link AgeingTorture} saw.
 *
 * @param sections how many read-side sections ran
 * @param updates how many elements were unlinked and retired
 * @param waits how many elements were unlinked and freed after a wait
 * @param young how many elements readers held at age 0 or 1, which is as it must be
 * @param old how many elements readers held at age 2 or more: a grace period had ended since they were unlinked
 * @param poisoned how many sections saw the contents of an element change under them
 */
public record TortureReport(long sections, long updates, long waits, long young, long old, long poisoned) {

  /**
   * How often a reader was not protected.
   *
   * @return 0 for a policy that is right
   */
  public long violations() {
    return old + poisoned;
  }

  /**
   * Whether the run was worth anything.
   *
   * @return true if readers read and updaters updated
   */
  public boolean hasChecked() {
    return young > 0 && updates > 0;
  }
}
