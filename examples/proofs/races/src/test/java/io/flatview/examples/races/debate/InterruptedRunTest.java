package io.flatview.examples.races.debate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is interrupted leaves no process and no folder behind. */
class InterruptedRunTest {

  @TempDir private Path folder;

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("flatview-debate")).toList();
    }
  }

  @Test
  void theHarnessEndsWithTheRunAndTheFolderGoes() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Process run = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), Debate.class.getName(),
        "--seconds", "60", "--out", folder.resolve("page.html").toString())
        .redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (run.descendants().findAny().isEmpty() && run.isAlive() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    List<ProcessHandle> harness = run.descendants().toList();
    assertTrue(!harness.isEmpty(), Files.readString(folder.resolve("out")));
    run.destroy();
    assertTrue(run.waitFor(30, TimeUnit.SECONDS));
    for (ProcessHandle process : harness) {
      process.onExit().get(30, TimeUnit.SECONDS);
    }
    assertEquals(List.of(), left());
  }
}
