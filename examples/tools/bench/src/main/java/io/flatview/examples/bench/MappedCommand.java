package io.flatview.examples.bench;

import io.flatview.examples.bench.mapped.MappedTrial;
import io.flatview.examples.bench.mapped.Schemes;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.command.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flatview bench mapped}: files that are swapped under readers. */
@Command(
    name = "mapped",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Mapped files that a writer swaps under two readers, beside what a Java program does by hand.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class MappedCommand implements Callable<Integer> {

  private static final List<Integer> RATES = List.of(0, 10, 1_000, -1);
  private static final String LINE = "%-24s %8s %10.2f %12.0f %12.0f %8.0f %8.0f %10.0f%n";

  @Option(names = "--quick", description = "For the shape only: one fork, half a second a line.")
  private boolean quick;

  @Option(names = "--smoke", hidden = true, description = "Runs everything once, in this process.")
  private boolean smoke;

  @Option(names = "--list", description = "Names what there is to measure, and measures nothing.")
  private boolean list;

  @Option(names = "--filter", paramLabel = "REGEX", defaultValue = "", description = "Only schemes with a match in"
      + " their name.")
  private Pattern filter;

  @Option(names = "--parked", paramLabel = "N", defaultValue = "0", description = "Parks as many threads beside it.")
  private int parked;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<String> schemes = Schemes.names().stream().filter(name -> filter.matcher(name).find()).toList();
    if (schemes.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "nothing matches " + filter + "; --list names what there is");
    }
    if (list) {
      schemes.forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    return measure(schemes);
  }

  private int measure(List<String> schemes) throws Exception {
    Length length = smoke ? Length.SMOKE : quick ? Length.QUICK : Length.FULL;
    Host.lines("Mapped files", length, List.of()).forEach(spec.commandLine().getOut()::println);
    print("%d parked threads. read: ns of thread time. p50, p99.99: ns, with two looks at a clock. mapped: files at"
        + " most.%nother: rounds of a thread that only computes, in a microsecond of its own time.%n%n", parked);
    print("%-24s %8s %10s %12s %12s %8s %8s %10s%n",
        "scheme", "swaps/s", "read", "swaps/s done", "mapped", "p50", "p99.99", "other");
    for (String scheme : schemes) {
      List<List<MappedTrial.Result>> forks = new ArrayList<>();
      for (int i = 0; i < Math.max(1, length.forks()); i++) {
        forks.add(smoke ? MappedTrial.run(scheme, RATES, length.millis(), parked) : fork(scheme, length));
      }
      print(scheme, forks);
    }
    return 0;
  }

  private void print(String scheme, List<List<MappedTrial.Result>> forks) {
    for (int i = 0; i < RATES.size(); i++) {
      int rate = i;
      List<MappedTrial.Result> results = forks.stream().map(fork -> fork.get(rate)).toList();
      print(LINE, scheme, RATES.get(i) < 0 ? "any" : String.valueOf(RATES.get(i)),
          median(results, MappedTrial.Result::readNanos), median(results, MappedTrial.Result::swapsPerSecond),
          median(results, MappedTrial.Result::mostMapped), median(results, MappedTrial.Result::median),
          median(results, MappedTrial.Result::rare), median(results, MappedTrial.Result::computed));
    }
  }

  private static double median(List<MappedTrial.Result> results, ToDoubleFunction<MappedTrial.Result> figure) {
    double[] sorted = results.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private List<MappedTrial.Result> fork(String scheme, Length length) throws IOException, InterruptedException {
    long millis = 2 * length.iterations() * length.millis() / Math.max(1, length.forks() - 1);
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms256m", "-Xmx256m",
        "-XX:+UseParallelGC", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        MappedTrial.class.getName(), scheme, String.valueOf(millis), String.valueOf(parked)));
    RATES.forEach(rate -> command.add(String.valueOf(rate)));
    Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (child.waitFor() != 0) {
      throw new IOException(scheme + " ended with status " + child.exitValue());
    }
    return printed.lines().map(MappedCommand::parse).toList();
  }

  private static MappedTrial.Result parse(String line) {
    double[] figures = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    return new MappedTrial.Result(
        figures[0], figures[1], (int) figures[2], (long) figures[3], (long) figures[4], figures[5]);
  }

  private void print(String format, Object... arguments) {
    spec.commandLine().getOut().printf(Locale.ROOT, format, arguments);
    spec.commandLine().getOut().flush();
  }
}
