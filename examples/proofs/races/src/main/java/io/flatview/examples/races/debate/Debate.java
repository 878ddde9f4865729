package io.flatview.examples.races.debate;

import io.flatview.examples.command.Program;
import io.flatview.examples.command.Version;
import io.flatview.examples.races.BrokenTwin;
import io.flatview.examples.races.Races;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.TestResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the idioms of the debate as races, and writes a page with what they showed. */
@Command(
    name = "flatview debate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs the idioms by which a reader may get a map, as the review thread of May 2013 had them, as races, and"
          + " writes a page with what was seen.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing safe failed, and everything broken did",
      "1:something safe failed, or something broken was not seen to, for which a longer run may be needed",
      "2:the command line is wrong"
    })
public final class Debate implements Callable<Integer> {

  private static final List<String> OPTIONS = List.of(
      "-f", "1", "-fsm", "1", "-sc", "false", "-af", "NONE", "-t", Debate.class.getPackageName() + "\\..*");

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How long each race runs. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "debate.html",
      description = "The page. Default: ${DEFAULT-VALUE}.")
  private Path page;

  @Spec private CommandSpec spec;

  /** The command; its options are set by picocli. */
  public Debate() {}

  /**
   * Runs it, and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Program.run(Program.of(new Debate()), arguments);
  }

  /**
   * Runs the races one after the other.
   *
   * @return the exit code
   * @throws Exception if jcstress cannot be run
   */
  @Override
  public Integer call() throws Exception {
    check(seconds > 0, "--seconds must be 1 or more");
    check(!Files.isDirectory(page) && Files.isDirectory(page.toAbsolutePath().getParent()),
        "--out must name a file in a folder that exists, not " + page);
    List<Evidence> evidence;
    try (Waiting _ = Waiting.start(System.err, races().size() * (seconds + 2))) {
      evidence = ScratchFolder.with("flatview-debate", folder -> run(folder, seconds));
    }
    print(evidence, System.out);
    Files.writeString(page, new DebatePage(evidence).html());
    System.out.println("The page: " + page.toAbsolutePath());
    return isSettled(evidence) ? 0 : 1;
  }

  private void check(boolean right, String rule) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }

  /** The races of all chapters. */
  static List<Class<?>> races() {
    return Chapter.ALL.stream().<Class<?>>mapMulti((chapter, sink) -> chapter.races().forEach(sink)).toList();
  }

  /**
   * Runs every race.
   *
   * @param directory the directory for reports
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
      out.printf(Locale.ROOT, "%-24s %-6s %,15d samples, %,12d bad%n", seen.race().getSimpleName(),
          seen.isBroken() ? "broken" : "safe", seen.samples(), seen.bad());
    }
  }

  /** Whether a race is kept to show a failure. */
  static boolean isBroken(Class<?> race) {
    return race.isAnnotationPresent(BrokenTwin.class);
  }
}
