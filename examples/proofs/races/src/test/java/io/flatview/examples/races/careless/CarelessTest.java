package io.flatview.examples.races.careless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.Flavours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three careless users in a JVM of their own for each flavour and mode: some seconds each, or ten minutes with
 * {@code -Dflatview.long=true}; {@code -Dflatview.careless.seconds} and {@code -Dflatview.careless.seed} tell
 * otherwise.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CarelessTest {

  private static final boolean LONG = Boolean.getBoolean("flatview.long");
  private static final int SECONDS = Integer.getInteger("flatview.careless.seconds", LONG ? 600 : 6);
  private static final int SEED = Integer.getInteger("flatview.careless.seed", 1);
  private static final int FOR_A_FAULT = 60;
  private static final int MORE = 10;
  private static final int SECONDS_OF_MORE = 20;
  private static final String MISSED = "MISSED ";

  /** What no run has called. */
  private Set<String> missed;

  private final Path folder = Path.of("target", "careless").toAbsolutePath();

  static Stream<Arguments> ways() {
    return Flavours.names().stream()
        .flatMap(flavour -> Stream.of(false, true).map(checked -> Arguments.of(flavour, checked)));
  }

  @ParameterizedTest(name = "{0}, checked: {1}")
  @MethodSource("ways")
  void noUseOfTheApiCrashesHangsOrLosesAnything(String flavour, boolean checked) throws Exception {
    use(flavour, checked, SECONDS, SEED);
  }

  private void use(String flavour, boolean checked, int seconds, int seed) throws Exception {
    Run run = run(folder, flavour, checked, seconds, seed, "");
    System.out.println(flavour + (checked ? ", checked: " : ": ") + run.lines().getFirst());
    assertEquals(0, run.status(), () -> String.join("\n", run.lines()));
    Set<String> here = new TreeSet<>(run.lines().stream().filter(line -> line.startsWith(MISSED)).toList());
    if (missed == null) {
      missed = here;
    } else {
      missed.retainAll(here);
    }
  }

  /** A busy machine makes few calls in the time: then there are more runs, and longer ones. */
  @AfterAll
  void everyPublicMethodWasCalled() throws Exception {
    for (int more = 1; missed != null && !missed.isEmpty() && more <= MORE; more++) {
      use("refcount", false, SECONDS_OF_MORE, SEED + 1000 * more);
    }
    assertTrue(missed == null || missed.isEmpty(), () -> String.join("\n", missed));
  }

  @Test
  void aReleaseInsideASectionIsFound() throws Exception {
    assertFound(run(folder, "refcount", false, FOR_A_FAULT, SEED, "at-once"));
  }

  @Test
  void aMissingBoundIsFound() throws Exception {
    assertFound(run(Planted.missingBound(folder.resolve("bound")), "epoch", false, FOR_A_FAULT, SEED, ""));
  }

  @Test
  void aSectionThatIsNotLeftIsFound() throws Exception {
    assertFound(run(Planted.sectionNotLeft(folder.resolve("left")), "epoch", false, FOR_A_FAULT, SEED, ""));
  }

  private static void assertFound(Run run) {
    assertNotEquals(0, run.status(), () -> String.join("\n", run.lines()));
  }

  /** How a JVM ended, and what it said. */
  private record Run(int status, List<String> lines) {}

  private static Run run(Path before, String flavour, boolean checked, int seconds, int seed, String fault)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(Files.createDirectories(before), "careless", ".txt");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx768m",
        "--enable-native-access=ALL-UNNAMED", "-Dflatview.checked=" + checked,
        "-XX:ErrorFile=" + before.resolve("crash.log"), "-XX:-CreateCoredumpOnCrash",
        "-cp", before + System.getProperty("path.separator") + System.getProperty("java.class.path"),
        CarelessMain.class.getName(), flavour, Integer.toString(seconds), Integer.toString(seed)));
    if (!fault.isEmpty()) {
      command.add(fault);
    }
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int status = process.waitFor();
    return new Run(status, Files.readAllLines(out));
  }
}
