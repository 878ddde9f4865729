package io.flatview.dispatch.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commits with the heap or the stack really at its end, in a JVM of their own: twenty of each, or five hundred with
 * {@code -Dflatview.long=true}.
 */
class ExhaustionTest {

  private static final int LAST_LINES = 100;
  private static final int TRIALS = Boolean.getBoolean("flatview.long") ? 500 : 20;

  @ParameterizedTest
  @ValueSource(strings = {"heap", "stack"})
  void aCommitAtTheEndOfWhatTheJvmHasIsTakenBackWholeOrStands(String end, @TempDir Path directory)
      throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    Process child = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx24m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-cp", path(), Exhausted.class.getName(), end, Integer.toString(TRIALS), "7")
        .redirectError(errors.toFile()).start();
    String said = new String(child.getInputStream().readAllBytes());
    System.out.print(said);
    assertEquals(0, child.waitFor(), () -> said + "\nand its last words:\n" + lastLines(errors));
  }

  /** Thousands of failures are logged, and what a JVM dies of comes last. */
  private static String lastLines(Path errors) {
    try {
      List<String> lines = Files.readAllLines(errors);
      return String.join("\n", lines.subList(Math.max(lines.size() - LAST_LINES, 0), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String path() {
    return Stream.concat(
            List.of(Exhausted.class, DispatchMemory.class, MemorySystem.class, ManualReclaimPolicy.class).stream()
                .map(ExhaustionTest::place),
            Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", "")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String place(Class<?> type) {
    try {
      String name = "/" + type.getName().replace('.', '/') + ".class";
      String url = type.getResource(name).toString();
      boolean packed = url.startsWith("jar:");
      return Path.of(new URI(packed
          ? url.substring("jar:".length(), url.indexOf("!/"))
          : url.substring(0, url.length() - name.length()))).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
