package io.flatview.examples.bench.run;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Has JMH run one trial at a time, and keeps what it says to itself unless something fails. */
public final class TrialRunner {

  /** The flags of every fork; those of the trial and of the caller come behind. */
  public static final List<String> JVM_FLAGS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC");

  private static final List<String> SILENCE =
      List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
  private static final long TIMEOUT_SECONDS = 60;

  private final Length length;
  private final List<String> moreFlags;

  /**
   * Runs trials of one length.
   *
   * @param length the length of the trials
   * @param moreFlags for the JVM of each fork
   */
  public TrialRunner(Length length, List<String> moreFlags) {
    this.length = length;
    this.moreFlags = List.copyOf(moreFlags);
  }

  /**
   * Runs a trial.
   *
   * @param trial the trial to run
   * @return the outcome
   * @throws TrialException if there was no result
   */
  public Outcome run(Trial trial) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try {
      return only(run(options(trial), log));
    } catch (RunnerException | IllegalStateException e) {
      throw new TrialException(trial, log.toString(StandardCharsets.UTF_8), e);
    }
  }

  private static Collection<RunResult> run(Options options, ByteArrayOutputStream log) throws RunnerException {
    PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
    return new Runner(options, OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL)).run();
  }

  private static Outcome only(Collection<RunResult> results) {
    if (results.size() != 1) {
      throw new IllegalStateException("JMH gave " + results.size() + " results, not one");
    }
    return Extract.outcome(results.iterator().next());
  }

  private Options options(Trial trial) {
    TimeValue time = TimeValue.milliseconds(length.millis());
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include("^" + Pattern.quote(trial.benchmark()) + "$")
        .threads(trial.threads())
        .forks(length.forks())
        .warmupIterations(length.warmups())
        .warmupTime(time)
        .measurementIterations(length.iterations())
        .measurementTime(time)
        .timeout(TimeValue.seconds(TIMEOUT_SECONDS))
        .shouldFailOnError(true)
        .addProfiler(GCProfiler.class)
        .jvmArgs(SILENCE.toArray(String[]::new))
        .jvmArgsAppend(flags(trial));
    trial.parameters().forEach((name, value) -> options.param(name, value));
    return options.build();
  }

  private String[] flags(Trial trial) {
    return Stream.of(JVM_FLAGS, trial.flags(), moreFlags).flatMap(List::stream).toArray(String[]::new);
  }
}
