package io.flatview.examples.races.debate;

import java.util.Comparator;
import java.util.List;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * The results of one race.
 *
 * @param race the class
 * @param outcomes the declared outcomes, with how often each was seen
 */
record Evidence(Class<?> race, List<Seen> outcomes) {

  /** One outcome, which may be several ways to the same end. */
  record Seen(String id, Expect expect, String story, long count) {}

  static Evidence of(Class<?> race, TestResult result) {
    if (result == null) {
      throw new IllegalStateException(
          race.getSimpleName() + " did not run; jcstress drops in silence what it cannot schedule on few processors");
    }
    List<Seen> seen = result.grading().gradingResults.entrySet().stream()
        .map(graded -> new Seen(
            graded.getKey(), graded.getValue().expect, graded.getValue().description, graded.getValue().count))
        .sorted(Comparator.comparing(Seen::expect).thenComparing(Seen::id))
        .toList();
    return new Evidence(race, seen);
  }

  String description() {
    return race.getAnnotation(Description.class).value();
  }

  boolean isBroken() {
    return Debate.isBroken(race);
  }

  long samples() {
    return outcomes.stream().mapToLong(Seen::count).sum();
  }

  long count(Expect expect) {
    return outcomes.stream().filter(seen -> seen.expect() == expect).mapToLong(Seen::count).sum();
  }

  /** How often root and table, or whatever belongs together, were of two maps. */
  long bad() {
    return count(Expect.FORBIDDEN) + count(Expect.ACCEPTABLE_INTERESTING);
  }
}
