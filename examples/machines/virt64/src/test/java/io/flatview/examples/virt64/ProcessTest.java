package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as a process of its own, with little memory: signals, and streams that are not read. */
class ProcessTest {

  private static final int TERMINATED = 128 + 15;
  private static final Duration LONGEST = Duration.ofSeconds(120);

  /** On a busy host, a guest does little in a few seconds: then it gets more. */
  private static final int MOST_SECONDS = 60;

  @TempDir
  private Path folder;

  /** What the process runs. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) {
      System.exit(new CommandLine(new Virt64Command()).execute(arguments));
    }
  }

  private ProcessBuilder command(String program, String... arguments) throws IOException {
    Path kernel = Files.write(folder.resolve(program), Guest.resource(program));
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx48m", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        Main.class.getName(), "--rcu", "epoch", "--bios", "none", "--kernel", kernel.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.PIPE);
  }

  private Path errors() {
    return folder.resolve("errors");
  }

  private String said() throws IOException {
    return Files.readString(errors());
  }

  private static Duration untilItEnds(Process process) throws InterruptedException {
    long start = System.nanoTime();
    try {
      assertTrue(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS), "it does not end");
      return Duration.ofNanos(System.nanoTime() - start);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void awaitText(InputStream stream, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = stream.read();
      assertTrue(next >= 0, () -> "it ended after: " + seen);
      seen.append((char) next);
    }
  }

  @Test
  void aConsoleThatIsNotReadIsNotWaitedFor() throws Exception {
    boolean lost = false;
    for (int seconds = 2; !lost && seconds < MOST_SECONDS; seconds *= 4) {
      Process process = command("own-console.elf", "--seconds", Integer.toString(seconds), "--stats")
          .redirectError(errors().toFile()).start();
      untilItEnds(process);
      assertEquals(1, process.exitValue(), this::quietly);
      assertTrue(said().contains("by 1 hart;"), this::quietly);
      lost = said().contains("bytes of the console were lost");
    }
    assertTrue(lost, this::quietly);
  }

  @Test
  void aConsoleWhoseReaderIsGoneEndsTheRun() throws Exception {
    Process process = command("own-console.elf").redirectError(errors().toFile()).start();
    awaitText(process.getInputStream(), "y\ny\n");
    process.getInputStream().close();
    untilItEnds(process);
    assertEquals(1, process.exitValue(), this::quietly);
    assertTrue(said().contains("the console cannot be printed"), this::quietly);
  }

  @Test
  void messagesThatAreNotReadAreNotWaitedFor() throws Exception {
    Process process = command("own-alarms.elf", "--seconds", "2", "--trace").start();
    untilItEnds(process);
    assertEquals(1, process.exitValue());
  }

  @Test
  void aSignalEndsTheRunWithItsStatistics() throws Exception {
    assumeTrue(ProcessHandle.current().supportsNormalTermination(), "signals end processes here without a word");
    Process process = command("own-alarms.elf", "--stats", "--storm=100").redirectError(errors().toFile()).start();
    awaitText(process.getInputStream(), "asked\n");
    process.destroy();
    untilItEnds(process);
    assertEquals(TERMINATED, process.exitValue(), this::quietly);
    assertTrue(said().contains("million a second, by 1 hart;"), this::quietly);
    assertTrue(said().contains("saw a stale map"), this::quietly);
    assertTrue(said().contains("hart0: machine mode at 00000000800000"), this::quietly);
  }

  @Test
  void whatIsTypedWithoutAnEndWaitsOutside() throws Exception {
    String printed = "";
    for (int seconds = 3; printed.isEmpty() && seconds < MOST_SECONDS; seconds *= 4) {
      Process process = command("own-alarms.elf", "--seconds", Integer.toString(seconds))
          .redirectInput(new File("/dev/zero")).redirectError(errors().toFile()).start();
      printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      untilItEnds(process);
      assertEquals(1, process.exitValue(), this::quietly);
      assertTrue(said().startsWith("virt64: the time was up"), this::quietly);
    }
    assertEquals("asked\n", printed);
  }

  private String quietly() {
    try {
      return said();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
