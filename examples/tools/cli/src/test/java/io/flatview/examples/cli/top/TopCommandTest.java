package io.flatview.examples.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.CommandRun;
import io.flatview.examples.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopCommandTest {

  private static final List<String> BUSY = List.of("commits", "ranges changed", "grace periods", "actions reclaimed");

  /** A recorder that starts on a busy machine may see nothing of some seconds, and the demo may do nothing in them. */
  private static final int MOST_SECONDS = 50;

  @Test
  void theDemoIsSeenAtWork() {
    int seconds = 3;
    CommandRun run = CommandRun.of("top", "--seconds", seconds);
    while (!showsWork(run.out()) && seconds < MOST_SECONDS) {
      seconds *= 3;
      run = CommandRun.of("top", "--seconds", seconds);
    }
    String panels = run.out();
    assertTrue(showsWork(panels), panels);
    assertEquals(0, run.exitCode(), panels);
    String first = panels.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    assertNotEquals(String.join("\n", Panel.lines(new Counts(), 1)), first, "a panel before the first event");
  }

  private static boolean showsWork(String panels) {
    return BUSY.stream().allMatch(
        busy -> panels.lines().anyMatch(line -> line.startsWith(busy) && !line.contains(" 0/s")));
  }

  @Test
  void theSampleSettingsNameEveryEvent() throws Exception {
    Configuration settings = Configuration.create(Path.of("../../flatview.jfc"));
    assertEquals(
        Counts.EVENTS.stream().collect(Collectors.toSet()),
        settings.getSettings().entrySet().stream()
            .filter(setting -> setting.getKey().endsWith("#enabled") && setting.getValue().equals("true"))
            .map(setting -> setting.getKey().substring(0, setting.getKey().indexOf('#')))
            .collect(Collectors.toSet()));
  }

  @TempDir private Path folder;

  private static String refusal(Path repository) {
    StringWriter told = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(told));
    assertEquals(2, command.execute("top", "--repository", repository.toString(), "--seconds", "1"));
    return told.toString();
  }

  @Test
  void aRepositoryThatIsNoneIsRefused() throws Exception {
    assertTrue(refusal(folder.resolve("none")).contains("is not there"));
    assertTrue(refusal(Files.createFile(folder.resolve("file"))).contains("is a file, not a folder"));
    assertTrue(refusal(Files.createDirectory(folder.resolve("empty"))).contains("holds no recording"));
  }

  @Test
  void aRepositoryInWhichNothingIsRecordedIsNoSuccess() throws Exception {
    Files.createFile(folder.resolve("old.jfr"));
    StringWriter told = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(told));
    assertEquals(1, command.execute("top", "--repository", folder.toString(), "--seconds", "1"));
    assertTrue(told.toString().contains("nothing was recorded"), told.toString());
  }
}
