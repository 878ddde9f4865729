package io.flatview.examples.bench;

import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.run.TrialRunner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Where, when and how a table was made. */
final class Host {

  private static final int WIDTH = 120;
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Host() {}

  static List<String> lines(String title, Length length, List<String> moreFlags) {
    return Stream.of(
            title + ", " + length.name() + " run of " + date() + ", " + length.forks() + " forks of "
                + length.iterations() + " iterations of " + length.millis() + " ms",
            "machine: " + processors() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version")
                + ", load " + load(),
            "JVM: " + System.getProperty("java.vm.vendor") + " " + Runtime.version() + " "
                + String.join(" ", TrialRunner.JVM_FLAGS) + " " + String.join(" ", moreFlags))
        .map(Host::cut)
        .toList();
  }

  private static String cut(String line) {
    return line.substring(0, Math.min(WIDTH, line.length())).strip();
  }

  private static String date() {
    return ZonedDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm XXX", Locale.ROOT));
  }

  private static String load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
  }

  private static String processors() {
    return Runtime.getRuntime().availableProcessors() + " x " + model();
  }

  private static String model() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines.filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // a system that does not tell
    }
  }
}
