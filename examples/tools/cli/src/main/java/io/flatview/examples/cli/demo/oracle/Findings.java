package io.flatview.examples.cli.demo.oracle;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/** All that was found wrong: every one is counted, the first few of each kind are kept. Any thread may add. */
public final class Findings {

  private static final int KEPT_OF_A_KIND = 2;

  private final AtomicLongArray counts = new AtomicLongArray(FindingKind.values().length);
  private final List<Finding> first = new ArrayList<>();

  /** Nothing found yet. */
  public Findings() {}

  /**
   * Adds a finding.
   *
   * @param kind of what kind
   * @param finding makes the finding, if it is among those kept
   */
  public void add(FindingKind kind, Supplier<Finding> finding) {
    if (counts.getAndIncrement(kind.ordinal()) < KEPT_OF_A_KIND) {
      keep(finding.get());
    }
  }

  private synchronized void keep(Finding finding) {
    first.add(finding);
  }

  /**
   * How many reads were wrong.
   *
   * @return the number
   */
  public long total() {
    return counts().values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * How many of a kind.
   *
   * @param kind the kind of the findings
   * @return the number
   */
  public long count(FindingKind kind) {
    return counts.get(kind.ordinal());
  }

  /**
   * How many of each kind.
   *
   * @return the kinds that were found
   */
  public Map<FindingKind, Long> counts() {
    Map<FindingKind, Long> found = new EnumMap<>(FindingKind.class);
    for (FindingKind kind : FindingKind.values()) {
      if (count(kind) > 0) {
        found.put(kind, count(kind));
      }
    }
    return found;
  }

  /**
   * The first few of each kind.
   *
   * @return a copy
   */
  public synchronized List<Finding> first() {
    return List.copyOf(first);
  }
}
