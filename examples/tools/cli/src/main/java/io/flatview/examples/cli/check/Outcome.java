package io.flatview.examples.cli.check;

import java.util.List;

/**
 * The outcome of checking one dump.
 *
 * @param dump the name of the dump
 * @param faults a text for each mismatch and each problem; none if the dump passed
 * @param pageTables the page tables that could be compared
 */
public record Outcome(String dump, List<String> faults, List<PageTableComparison> pageTables) {

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if anything is null
   */
  public Outcome {
    faults = List.copyOf(faults);
    pageTables = List.copyOf(pageTables);
  }

  /**
   * Whether everything agreed.
   *
   * @return true if there are no faults
   */
  public boolean passed() {
    return faults.isEmpty();
  }
}
