package io.flatview.examples.cli.top;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.cli.demo.Demo;
import io.flatview.examples.cli.demo.DemoSettings;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.examples.cli.machine.MachineBuilder;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.examples.command.Version;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordingStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flatview top}: a panel every second, of the demo's machine or of another process. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows, every second, commits, changed ranges, grace periods, reclaimed actions, stalls and failed accesses: of"
          + " the demo's machine under its load, or of another process that records Flatview's events.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:the demo found something wrong, or the other process's recording cannot be read",
      "2:the command line is wrong, or there is no repository"
    })
public final class TopCommand implements Callable<Integer> {

  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

  /** A guest that looks for what is not there could otherwise keep the recorder busier than the map. */
  private static final String MOST_ERRORS = "1000/s";

  private static final String HOW = "'jcmd PID JFR.configure' names the repository of a process";

  private static final long SHORTEST_NANOS = Duration.ofMillis(900).toNanos();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "For how long. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "The other process's event repository, as 'jcmd PID JFR.configure' prints it; start that process"
          + " with -XX:StartFlightRecording:settings=examples/flatview.jfc, such as by"
          + " JDK_JAVA_OPTIONS=-XX:StartFlightRecording:settings=examples/flatview.jfc examples/flatview virt64.")
  private Path repository;

  @Spec
  private CommandSpec spec;

  private final Counts counts = new Counts();
  private Counts before = new Counts();
  private long shown = System.nanoTime();
  private volatile boolean shownAny;

  /** The command; its options are set by picocli. */
  public TopCommand() {}

  /**
   * Runs it.
   *
   * @return the exit code
   * @throws IOException if the repository cannot be read
   * @throws InterruptedException if interrupted
   */
  @Override
  public Integer call() throws IOException, InterruptedException {
    if (repository == null) {
      return demo();
    }
    requireRepository();
    try (EventStream stream = EventStream.openRepository(repository)) {
      follow(stream);
      Thread.sleep(Duration.ofSeconds(seconds));
    }
    if (!shownAny) {
      spec.commandLine().getErr().println("flatview: nothing was recorded in " + repository + " in " + seconds
          + " s; is it the repository of a process that runs? " + HOW);
      return 1;
    }
    return 0;
  }

  /** A recording that is not there would be waited for in silence. */
  private void requireRepository() throws IOException {
    if (!Files.isDirectory(repository)) {
      throw new ParameterException(spec.commandLine(), "--repository: " + repository
          + (Files.exists(repository) ? " is a file, not a folder" : " is not there") + "; " + HOW);
    }
    try (Stream<Path> chunks = Files.walk(repository)) {
      if (chunks.noneMatch(file -> file.toString().endsWith(".jfr"))) {
        throw new ParameterException(
            spec.commandLine(), "--repository: " + repository + " holds no recording; " + HOW);
      }
    }
  }

  private int demo() throws InterruptedException {
    DemoSettings settings = new DemoSettings(Duration.ofSeconds(seconds), DemoSettings.defaultReaders(), true);
    try (RecordingStream stream = new RecordingStream();
        ReclaimPolicy policy = ReclaimPolicies.discover();
        DispatchMemory memory = DispatchMemory.create(policy)) {
      Counts.EVENTS.forEach(event -> stream.enable(event).withoutThreshold().with("throttle", MOST_ERRORS));
      follow(stream);
      Machine machine = MachineBuilder.build(MachineLoader.bundled(), memory, _ -> MachineBuilder.SILENT);
      boolean clean = Demo.run(settings, memory, machine.spaces(), policy).isClean();
      stream.stop();
      return clean ? 0 : 1;
    }
  }

  /** Events and flushes come in the stream's own thread, a flush about every second, and at times one in between. */
  private void follow(EventStream stream) {
    Counts.EVENTS.forEach(event -> stream.onEvent(event, counts::add));
    stream.onFlush(this::show);
    stream.startAsync();
  }

  /** Before the first event there is nothing to show. */
  private void show() {
    long now = System.nanoTime();
    if (!shownAny && !counts.haveAny()) {
      shown = now;
      return;
    }
    if (shownAny && now - shown < SHORTEST_NANOS) {
      return;
    }
    shownAny = true;
    double elapsed = Math.max(now - shown, SHORTEST_NANOS) / 1e9;
    PrintWriter out = spec.commandLine().getOut();
    if (System.console() != null && System.console().isTerminal()) {
      out.print(HOME_AND_CLEAR);
    }
    Panel.lines(counts.since(before), elapsed).forEach(out::println);
    out.println();
    out.flush();
    before = counts.copy();
    shown = now;
  }
}
