package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a copy of the layout, with a Java and a Maven that only say how they were called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class BenchLauncherTest {

  @TempDir private Path folder;

  private Path root;
  private Path script;
  private Path jdk;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(folder.resolve("check out")).toRealPath();
    script = Files.createDirectories(root.resolve("examples")).resolve("flatview");
    Files.copy(Path.of("..", "flatview"), script, StandardCopyOption.COPY_ATTRIBUTES);
    executable(root.resolve("mvnw"),
        "echo maven \"$@\"; mkdir -p examples/cli/target/flatview/lib examples/cli/target/flatview/rcu\n"
            + "mkdir -p examples/bench/target/flatview/lib; touch examples/cli/target/flatview/rcu/epoch.jar\n");
    Files.writeString(root.resolve("pom.xml"), "");
    jdk = Files.createDirectories(folder.resolve("jdk"));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    executable(jdk.resolve("bin/javac"), "");
    executable(jdk.resolve("bin/java"), "for argument in \"$@\"; do echo \"<$argument>\"; done\n");
  }

  private static void executable(Path file, String content) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** All that it says, of both kinds. */
  private String launch(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(script.toString()));
    line.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    Process process = builder.start();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue());
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  @Test
  void benchStartsTheBenchmarksFromTheirOwnLayoutAndPassesTheRestOn() throws Exception {
    String said = launch("bench", "rcu", "--filter", "a b");
    String layout = root + "/examples/bench/target/flatview";
    assertTrue(said.contains("-pl examples/bench -am"), said);
    assertTrue(said.contains("<-cp>\n<" + layout + "/lib/*>\n<io.flatview.examples.bench.Main>\n"), said);
    assertTrue(said.endsWith("<rcu>\n<--filter>\n<a b>\n"), said);
  }

  @Test
  void eitherProgramIsBuiltOnceAndNotForASourceOfTheOther() throws Exception {
    for (String program : List.of("demo", "bench")) {
      assertTrue(launch(program).contains("maven -q"));
    }
    Files.createFile(Files.createDirectories(root.resolve("examples/bench/src/main/java")).resolve("New.java"));
    assertFalse(launch("demo").contains("maven"));
    assertTrue(launch("bench").contains("maven -q"));
    assertFalse(launch("bench").contains("maven"));
  }
}
