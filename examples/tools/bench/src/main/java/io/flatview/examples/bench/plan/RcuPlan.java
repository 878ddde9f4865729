package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import java.util.List;
import java.util.stream.Stream;

/** Everything that {@code bench rcu} measures, in the order of the table. */
public final class RcuPlan {

  private RcuPlan() {}

  /**
   * The plan.
   *
   * @param length on which the amount of work depends
   * @return its lines
   */
  public static List<Subject> subjects(Length length) {
    return Stream.of(
            ReadPlan.subjects(),
            PendingPlan.subjects(),
            RetirePlan.subjects(length),
            GracePeriodPlan.subjects(),
            VirtualPlan.subjects(length))
        .flatMap(List::stream)
        .toList();
  }
}
