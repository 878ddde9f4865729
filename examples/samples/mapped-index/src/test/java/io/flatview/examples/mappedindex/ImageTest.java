package io.flatview.examples.mappedindex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java runtime of the reclamation, one flavour and what they need: it has no Flight Recorder and no logging. */
class ImageTest {

  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

  @TempDir
  Path folder;

  @Test
  void jlinkMakesAnImageOfTheApiAndAFlavourThatRuns() throws Exception {
    Path image = folder.resolve("image");
    run(JDK.resolve("jlink").toString(), "--module-path", System.getProperty("java.class.path"),
        "--add-modules", "io.flatview.rcu.epoch", "--output", image.toString());
    String java = image.resolve("bin").resolve("java").toString();
    List<String> modules = run(java, "--list-modules").lines().map(line -> line.replaceFirst("@.*", "")).toList();
    assertEquals(
        List.of("io.flatview.api", "io.flatview.rcu.epoch", "java.base", "org.jctools.core", "org.jctools.core.jdk11"),
        modules);
    String printed = run(java, "--add-modules", "io.flatview.rcu.epoch",
        "--enable-native-access=io.flatview.api,io.flatview.rcu.epoch", "--illegal-native-access=deny",
        "-cp", ownClasses(), Main.class.getName(), "0.1", "100");
    assertTrue(printed.lines().anyMatch(line -> line.startsWith("epoch ")), printed);
  }

  private static String ownClasses() throws URISyntaxException {
    return Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
