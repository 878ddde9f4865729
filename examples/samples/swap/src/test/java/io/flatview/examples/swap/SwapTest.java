package io.flatview.examples.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same class files against each flavour's jar, against none and against two. */
class SwapTest {

  private static final Set<String> BACKENDS = Set.of("rcu-epoch", "rcu-qsbr", "rcu-refcount", "own-backend");

  /** Of runs in which the host is held up. */
  private static final int MOST_RUNS = 5;

  /** How a run ended. */
  private record Run(int exit, String out, String err) {

    /** A host that is held up for a second lets a grace period last as long, which is logged. */
    boolean hasStalled() {
      return err.contains("has been held up for");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rcu-epoch", "rcu-qsbr", "rcu-refcount", "own-backend"})
  void eachJarAloneIsUsed(String backend) throws Exception {
    Run run = run(List.of(), backend);
    String name = backend.equals("own-backend") ? "sequence" : backend.substring("rcu-".length());
    assertEquals(new Run(0, name + ": read 100 of 100\nall reclaimed\n", ""), run);
  }

  @Test
  void withoutAJarTheMessageSaysWhichThereAre() throws Exception {
    Run run = run(List.of());
    assertEquals(1, run.exit());
    assertTrue(run.err().startsWith("found no reclamation flavour; add one of flatview-rcu-epoch, flatview-rcu-qsbr or"
        + " flatview-rcu-refcount"), run::err);
  }

  @Test
  void withTwoJarsTheMessageNamesBothAndHowToChoose() throws Exception {
    Run run = run(List.of(), "rcu-epoch", "rcu-qsbr");
    assertEquals(1, run.exit());
    assertTrue(run.err().startsWith("found 2 reclamation flavours: epoch (io.flatview.rcu.epoch.EpochPolicyProvider),"
        + " qsbr (io.flatview.rcu.qsbr.QsbrPolicyProvider); leave one jar on the class path or module path, or choose"
        + " one with -Dflatview.rcu=epoch"), run::err);
  }

  @Test
  void withTwoJarsAPropertyChooses() throws Exception {
    Run run = run(List.of("-Dflatview.rcu=qsbr"), "rcu-epoch", "rcu-qsbr");
    assertEquals(new Run(0, "qsbr: read 100 of 100\nall reclaimed\n", ""), run);
  }

  private static Run run(List<String> options, String... backends) throws IOException, InterruptedException {
    Run run = runOnce(options, backends);
    for (int runs = 1; run.hasStalled() && runs < MOST_RUNS; runs++) {
      run = runOnce(options, backends);
    }
    return run;
  }

  private static Run runOnce(List<String> options, String... backends) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dguice_bytecode_gen_option=DISABLED",
        "-cp", classPath(Set.of(backends))));
    command.addAll(options);
    command.add(Swap.class.getName());
    Path err = Files.createTempFile("swap", ".err");
    Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    String errors = Files.readString(err);
    Files.delete(err);
    return new Run(exit, out.replace("\r\n", "\n"), errors);
  }

  private static String classPath(Set<String> backends) {
    Stream<String> entries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
    List<String> kept = entries
        .filter(entry -> backendOf(entry) == null || backends.contains(backendOf(entry)))
        .toList();
    assertEquals(backends.size(), kept.stream().filter(entry -> backendOf(entry) != null).count(), kept::toString);
    return String.join(File.pathSeparator, kept);
  }

  /** A jar from the repository or a folder of classes: either has the module's name in its path. */
  private static String backendOf(String entry) {
    List<String> names = Stream.of(entry.replace('\\', '/').split("/")).toList();
    return BACKENDS.stream()
        .filter(backend -> names.contains(backend)
            || names.getLast().matches("flatview-" + backend + "(-\\d.*)?[.]jar"))
        .findFirst()
        .orElse(null);
  }
}
