package io.flatview.examples.races.debate;

import io.flatview.examples.races.BrokenTwin;
import io.flatview.examples.races.Races;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** Runs the idioms of the debate as races, and writes a page with what they showed. */
public final class Debate {

  private static final List<String> OPTIONS = List.of(
      "-f", "1", "-fsm", "1", "-sc", "false", "-af", "NONE", "-t", Debate.class.getPackageName() + "\\..*");

  private Debate() {}

  /**
   * Runs it; exits with 1 if something safe was seen to fail, or something broken was not.
   *
   * @param args {@code --seconds N}, how long each race runs, 3 unless told; {@code --out FILE}, the page, {@code
   *     debate.html} in the present folder unless told
   * @throws Exception if jcstress cannot be run
   */
  public static void main(String[] args) throws Exception {
    if (args.length % 2 != 0 || !List.of("--seconds", "--out").containsAll(options(args).keySet())) {
      System.err.println("usage: debate [--seconds N] [--out FILE]");
      System.exit(2);
    }
    Map<String, String> given = options(args);
    int seconds = Integer.parseInt(given.getOrDefault("--seconds", "3"));
    Path page = Path.of(given.getOrDefault("--out", "debate.html"));
    System.err.printf("about %d seconds ...%n", races().size() * (seconds + 2));
    List<Evidence> evidence = run(Files.createTempDirectory("flatview-debate"), seconds);
    print(evidence, System.out);
    Files.writeString(page, new DebatePage(evidence).html());
    System.out.println("The page: " + page.toAbsolutePath());
    System.exit(isSettled(evidence) ? 0 : 1);
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> given = new TreeMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      given.put(args[i], args[i + 1]);
    }
    return given;
  }

  /** The races of all chapters. */
  static List<Class<?>> races() {
    return Chapter.ALL.stream().<Class<?>>mapMulti((chapter, sink) -> chapter.races().forEach(sink)).toList();
  }

  /**
   * Runs every race.
   *
   * @param directory for reports
   * @param seconds how long each
   * @return what was seen, in the order of the chapters
   * @throws Exception if jcstress cannot be run
   */
  static List<Evidence> run(Path directory, int seconds) throws Exception {
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(List.of("-iters", Integer.toString(seconds), "-time", "1000"));
    Map<String, TestResult> results = Races.results(directory, options).stream()
        .collect(Collectors.toMap(TestResult::getName, Function.identity()));
    return races().stream()
        .map(race -> Evidence.of(race, results.get(race.getCanonicalName())))
        .toList();
  }

  /** Whether nothing safe failed, and everything broken did. */
  static boolean isSettled(List<Evidence> evidence) {
    return evidence.stream().allMatch(seen -> seen.count(Expect.FORBIDDEN) == 0
        && (!seen.isBroken() || seen.count(Expect.ACCEPTABLE_INTERESTING) > 0));
  }

  private static void print(List<Evidence> evidence, PrintStream out) {
    for (Evidence seen : evidence) {
      out.printf("%-24s %-6s %,15d samples, %,12d bad%n", seen.race().getSimpleName(),
          seen.isBroken() ? "broken" : "safe", seen.samples(), seen.bad());
    }
  }

  /** Whether a race is kept to show a failure. */
  static boolean isBroken(Class<?> race) {
    return race.isAnnotationPresent(BrokenTwin.class);
  }
}
