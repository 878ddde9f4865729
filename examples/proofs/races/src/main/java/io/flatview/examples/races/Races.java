package io.flatview.examples.races;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;
import org.openjdk.jcstress.infra.runners.TestList;

/** Runs the races in JVMs of their own and tells what they showed. */
public final class Races {

  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  /** One run of 300 ms a race, in one JVM each: half a minute in all. */
  public static final List<String> SHORT =
      List.of("-f", "1", "-fsm", "1", "-iters", "1", "-time", "300", "-sc", "false", "-af", "NONE",
          "-jvmArgs", NATIVE_ACCESS);

  /** Every combination of compilers and affinities: about five minutes. */
  public static final List<String> LONG =
      List.of("-f", "1", "-iters", "2", "-time", "200", "-sc", "false", "-jvmArgsPrepend", NATIVE_ACCESS);

  private Races() {}

  /**
   * Runs all races and prints a table. Without arguments the long way; arguments are passed to jcstress in place of
   * that.
   *
   * @param args options of jcstress
   * @throws Exception if jcstress cannot be run
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("flatview-races");
    print(run(directory, args.length == 0 ? LONG : List.of(args)), System.out);
    System.out.println("Reports: " + directory);
  }

  /**
   * The races that there are.
   *
   * @return their names, as in the results
   */
  public static Collection<String> all() {
    return TestList.tests();
  }

  /**
   * Runs all races.
   *
   * @param directory for reports, made if it is missing
   * @param options the options of jcstress
   * @return what each race that did run showed; races that jcstress dropped are missing
   * @throws Exception if jcstress cannot be run
   */
  public static List<RaceResult> run(Path directory, List<String> options) throws Exception {
    return results(directory, options).stream()
        .map(RaceResult::of).sorted(Comparator.comparing(RaceResult::name)).toList();
  }

  /**
   * Runs races, and gives what jcstress says of them.
   *
   * @param directory for reports, made if it is missing
   * @param options the options of jcstress
   * @return one result for each race that did run
   * @throws Exception if jcstress cannot be run
   */
  public static Collection<TestResult> results(Path directory, List<String> options) throws Exception {
    deleteResults(Files.createDirectories(directory));
    Harness harness = new Harness();
    Thread end = Thread.ofPlatform().unstarted(harness::stop);
    Runtime.getRuntime().addShutdownHook(end);
    try {
      harness.start(directory, options).waitFor();
    } finally {
      harness.stop();
      release(end);
    }
    InProcessCollector results = new InProcessCollector();
    for (Path file : results(directory)) {
      read(file, results);
    }
    return ReportUtils.mergedByName(results.getTestResults());
  }

  /**
   * Prints results as a table.
   *
   * @param results of a run
   * @param out the stream to print to
   */
  public static void print(List<RaceResult> results, PrintStream out) {
    results.forEach(out::println);
    out.printf("%d of %d races ran%n", results.size(), all().size());
  }

  /**
   * The process that forks the JVMs of the races. The end of this process stops it, at whatever moment: it is stopped
   * as soon as it is there, or does not start any more.
   */
  private static final class Harness {

    private Process process;
    private boolean stopped;

    synchronized Process start(Path directory, List<String> options) throws IOException {
      if (stopped) {
        throw new IOException("the process ends");
      }
      process = Races.start(directory, options);
      return process;
    }

    /** Ends the harness before the JVMs that it forks, so that it forks no more. */
    synchronized void stop() {
      stopped = true;
      if (process != null) {
        List<ProcessHandle> forks = process.descendants().toList();
        process.destroyForcibly();
        forks.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static Process start(Path directory, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", absoluteClassPath(), "org.openjdk.jcstress.Main", "-r", directory.toAbsolutePath().toString()));
    command.addAll(options);
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true).redirectOutput(directory.resolve("jcstress.log").toFile())
        .start();
  }

  private static void release(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has done its work.
    }
  }

  /** Jcstress leaves its results in the directory it runs in, which is not the one that relative paths refer to. */
  private static String absoluteClassPath() {
    String separator = System.getProperty("path.separator");
    return String.join(separator, Stream.of(System.getProperty("java.class.path").split(separator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString()).toList());
  }

  private static void read(Path file, InProcessCollector results) throws IOException, ClassNotFoundException {
    DiskReadCollector reader = new DiskReadCollector(file.toString(), results);
    reader.dump();
    reader.close();
  }

  private static void deleteResults(Path directory) throws IOException {
    for (Path file : results(directory)) {
      Files.delete(file);
    }
  }

  private static List<Path> results(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().endsWith(".bin.gz")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
