package io.flatview.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.command.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {

  private static final Path ROOT = Path.of("..", "..", "..");

  static Set<String> commands() {
    return Main.commandLine().getSubcommands().keySet();
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results().map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> withPrograms() {
    Set<String> all = new TreeSet<>(commands());
    all.addAll(Main.PROGRAMS);
    return all;
  }

  @Test
  void helpNamesEveryCommandAndEveryExitCode() {
    CommandRun run = CommandRun.of("--help");
    assertEquals(0, run.exitCode());
    assertTrue(commands().size() > 4);
    for (String command : commands()) {
      assertTrue(run.out().contains("  " + command + " "), run.out());
    }
    assertTrue(run.out().contains("Exit codes:"), run.out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItselfAndItsExitCodes(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("Exit codes:"), run.out());
  }

  @Test
  void everyCommandThatIsWrittenIsOneOfTheProgram() throws IOException {
    Set<String> written = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith("Command.java")).toList()) {
        written.addAll(found("^@Command\\(\\s*name = \"([\\w-]+)\"", Files.readString(source)));
      }
    }
    assertEquals(commands(), written);
  }

  /** A command that is new stands in the table of the front page. */
  @Test
  void theFrontPageHasEveryCommand() throws IOException {
    String page = Files.readString(ROOT.resolve("README.md"));
    String table = page.substring(page.indexOf("| command |"));
    assertEquals(withPrograms(), found("^\\| `([\\w-]+)", table.substring(0, table.indexOf("\n\n"))));
    String tools = Files.readString(ROOT.resolve("examples/README.md"));
    commands().forEach(command -> assertTrue(tools.contains("`" + command + "`"), command));
  }

  @Test
  void theFrontPageHasEveryBenchmark() throws IOException {
    Path benchmarks = ROOT.resolve("examples/tools/bench/src/main/java/io/flatview/examples/bench");
    String subcommands = Files.readString(benchmarks.resolve("Main.java"));
    String row = found("^(\\| `bench .*)$", Files.readString(ROOT.resolve("README.md"))).iterator().next();
    Set<String> classes = found("(\\w+Command)\\.class", subcommands);
    assertTrue(classes.size() > 5, subcommands);
    for (String command : classes) {
      String source = Files.readString(benchmarks.resolve(command + ".java"));
      String name = found("name = \"(\\w+)\"", source).iterator().next();
      assertTrue(row.contains("`" + name + "`") || row.contains("`bench " + name + "`"), name);
    }
  }

  /** A program that is new is started by the launcher and named in the help. */
  @Test
  void theLauncherStartsTheProgramsThatTheHelpNames() throws IOException {
    String launcher = Files.readString(ROOT.resolve("examples/flatview"));
    String choice = launcher.substring(launcher.indexOf("case $(name "));
    Set<String> programs = new TreeSet<>(Main.PROGRAMS);
    assertEquals(programs, found("^  ([\\w-]+)\\)$", choice.substring(0, choice.indexOf("esac"))));
    assertEquals(programs, found("^  flatview ([\\w-]+)  ", CommandRun.of("--help").out()));
  }

  @Test
  void versionIsPrinted() {
    assertEquals(new Version().getVersion()[0], CommandRun.of("--version").out().strip());
  }

  @Test
  void withoutACommandTheCommandLineIsWrong() {
    CommandRun run = CommandRun.of();
    assertEquals(2, run.exitCode());
    assertTrue(run.err().startsWith("flatview: name one of demo, mtree, draw, check, top, virt64, "
        + "vhost-user-blk, bench and debate"), run.err());
  }

  @Test
  void anUnknownCommandIsWrong() {
    CommandRun run = CommandRun.of("mtre");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().startsWith("flatview: there is no command 'mtre'; name one of demo, "), run.err());
  }

  @Test
  void aWrongCommandLineIsToldInTwoLines() {
    CommandRun run = CommandRun.of("demo", "--seconds", "soon");
    assertEquals(2, run.exitCode());
    assertEquals(2, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("'--seconds'") && run.err().contains("'flatview demo --help'"), run.err());
  }
}
