package io.flatview.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for a faster start, done with the quickstart. */
class StartTest {

  private static final String FROM_CACHE = "shared objects file";

  @TempDir
  private Path folder;

  @Test
  void aCacheOfTheJdkHoldsNearlyAllClassesOfAStart() throws Exception {
    Path cache = folder.resolve("quickstart.aot");
    String classPath = classPath();
    final List<String> before = run("-Xlog:class+load", "-cp", classPath);
    run("-XX:AOTCacheOutput=" + cache, "-cp", classPath);
    assertTrue(Files.exists(cache));
    final List<String> after = run("-XX:AOTCache=" + cache, "-Xlog:class+load", "-cp", classPath);
    assertEquals(0, loaded(before).filter(line -> line.contains(FROM_CACHE)).count());
    long missed = loaded(after).filter(line -> !line.contains(FROM_CACHE)).count();
    assertTrue(missed * 10 < loaded(before).count(), () -> String.join("\n", after));
  }

  @Test
  void aCacheThatDoesNotFitIsNoError() throws Exception {
    Path cache = Files.writeString(folder.resolve("other.aot"), "not a cache");
    List<String> lines = run("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-cp", classPath());
    assertTrue(lines.contains("11223344"), () -> String.join("\n", lines));
    assertTrue(lines.stream().noneMatch(line -> line.contains("[aot")), () -> String.join("\n", lines));
  }

  private static Stream<String> loaded(List<String> lines) {
    return lines.stream().filter(line -> line.contains(" io.flatview.") && line.contains("source:"));
  }

  private List<String> run(String... options) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(options));
    command.add(Quickstart.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    List<String> lines = Files.readAllLines(out);
    assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
    return lines;
  }

  /** A cache takes nothing from folders. */
  private String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of).filter(Files::exists)
        .map(entry -> Files.isDirectory(entry) ? packed(entry) : entry)
        .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private Path packed(Path classes) {
    try {
      Path jar = Files.createTempFile(folder, "classes", ".jar");
      try (Stream<Path> files = Files.walk(classes);
          JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          put(out, classes.relativize(file).toString().replace(File.separatorChar, '/'), file);
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(JarOutputStream out, String name, Path file) throws IOException {
    out.putNextEntry(new JarEntry(name));
    Files.copy(file, out);
    out.closeEntry();
  }
}
