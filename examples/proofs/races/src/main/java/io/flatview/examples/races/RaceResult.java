package io.flatview.examples.races;

import java.util.Locale;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * The results of one race, over all its runs.
 *
 * @param name the class of the race
 * @param clean whether every run ended in order
 * @param samples how often it was run
 * @param forbidden how often it showed an outcome that must never be
 * @param interesting how often it showed the bad outcome of a broken twin
 */
public record RaceResult(String name, boolean clean, long samples, long forbidden, long interesting) {

  static RaceResult of(TestResult result) {
    return new RaceResult(
        result.getName(), result.status() == Status.NORMAL, result.getTotalCount(),
        count(result, Expect.FORBIDDEN), count(result, Expect.ACCEPTABLE_INTERESTING));
  }

  private static long count(TestResult result, Expect expect) {
    return result.grading().gradingResults.values().stream()
        .filter(graded -> graded.expect == expect).mapToLong(graded -> graded.count).sum();
  }

  /**
   * The broken twin's mark, if it is one.
   *
   * @return null for a race that is safe
   */
  public BrokenTwin twin() {
    try {
      return Class.forName(binaryName()).getAnnotation(BrokenTwin.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private String binaryName() {
    int nested = name.lastIndexOf('.');
    return name.substring(0, nested) + '$' + name.substring(nested + 1);
  }

  @Override
  public String toString() {
    String race = name.substring(name.indexOf("races.") + "races.".length());
    return String.format(Locale.ROOT, "%-38s %-6s %,14d samples %,12d forbidden %,12d bad of a twin",
        race, twin() == null ? "safe" : "broken", samples, forbidden, interesting);
  }
}
