package io.flatview.examples.races;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.contract.Flavours;
import io.flatview.rcu.contract.TortureMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The torture of every flavour on both compilers, the interpreter and two collectors, each in a JVM of its own. How
 * long each lasts is the system property {@code flatview.torture.seconds}, 60 unless told.
 */
@EnabledIfSystemProperty(named = "flatview.long", matches = "true")
class TortureMatrixTest {

  private static final String SECONDS = System.getProperty("flatview.torture.seconds", "60");
  private static final Path DIRECTORY = Path.of("target", "torture");

  static Stream<Arguments> matrix() {
    return Flavours.found(1).stream().map(ReclaimPolicyProvider::name).flatMap(flavour -> Stream.of(
        Arguments.of(flavour, "C2", List.of("-XX:-TieredCompilation")),
        Arguments.of(flavour, "C1", List.of("-XX:TieredStopAtLevel=1")),
        Arguments.of(flavour, "interpreter", List.of("-Xint")),
        Arguments.of(flavour, "ParallelGC", List.of("-XX:+UseParallelGC")),
        Arguments.of(flavour, "ZGC", List.of("-XX:+UseZGC"))));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("matrix")
  void noReaderHoldsAnythingOfAgeTwo(String flavour, String label, List<String> jvmOptions) throws Exception {
    Path out = Files.createDirectories(DIRECTORY).resolve(flavour + "-" + label + ".txt");
    int exit = start(flavour, jvmOptions, out).waitFor();
    String report = Files.readString(out);
    System.out.print(label + ":\n" + report);
    assertEquals(0, exit, report);
  }

  private static Process start(String flavour, List<String> jvmOptions, Path out) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
    command.addAll(jvmOptions);
    command.addAll(List.of(TortureMain.class.getName(), "flavour=" + flavour, "seconds=" + SECONDS));
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile()).redirectError(DIRECTORY.resolve("errors.txt").toFile())
        .start();
  }
}
