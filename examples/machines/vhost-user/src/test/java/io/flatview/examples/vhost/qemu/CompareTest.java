package io.flatview.examples.vhost.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.examples.vhost.VhostUserBlkCommand;
import io.flatview.examples.vhost.front.Load;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prints what {@link Load} measures of this back end and of {@code qemu-storage-daemon}, in turns, on one file in
 * memory. For a quiet machine with a processor for each thread, and with {@code -Dflatview.compare=SECONDS}, the time
 * of each of three turns.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CompareTest {

  private static final String SECONDS = System.getProperty("flatview.compare");
  private static final Path DAEMON = Path.of("/usr/bin/qemu-storage-daemon");
  private static final long BYTES = 256 << 20;
  private static final int TURNS = 3;

  @TempDir
  private Path folder;

  private Path disk;

  /** Queues, depth, bytes, pattern, changes of the table a second, layout. */
  @ParameterizedTest
  @ValueSource(strings = {
      "1 1 4096 read 0 split", "1 32 4096 read 0 split", "1 32 4096 write 0 split", "1 4 1048576 read 0 split",
      "1 4 1048576 sequential 0 split", "2 32 4096 read 0 split", "2 32 4096 write 0 split",
      "1 32 4096 read 10 split", "1 32 4096 read 1000 split", "1 1 4096 read 1000 split", "1 32 4096 read 0 packed"})
  void bothInTurns(String row) throws Exception {
    assumeTrue(SECONDS != null, "skipped: takes minutes; ask for it with -Dflatview.compare=5");
    assumeTrue(Files.isExecutable(DAEMON), "skipped: install Debian's package qemu-system-common to compare with");
    disk = Path.of("/dev/shm", "flatview-compare-" + ProcessHandle.current().pid());
    try {
      fill();
      compare(row.split(" "));
    } finally {
      Files.delete(disk);
    }
  }

  /** A file without content would be read from one page of zeros. */
  private void fill() throws IOException {
    byte[] piece = new byte[1 << 20];
    RandomGeneratorFactory.getDefault().create(1).nextBytes(piece);
    try (OutputStream file = Files.newOutputStream(disk)) {
      for (long written = 0; written < BYTES; written += piece.length) {
        file.write(piece);
      }
    }
  }

  /** The daemon has no packed queues. */
  private void compare(String[] row) throws Exception {
    Process here = start("here", java(
        VhostUserBlkCommand.class.getName(), "--socket", socket("here"), "--disk", disk.toString(), "--queues", row[0],
        "--rcu", "epoch"));
    Process there = start("C", List.of(DAEMON.toString(),
        "--blockdev", "driver=file,node-name=file,locking=off,filename=" + disk,
        "--export", "type=vhost-user-blk,id=export,addr.type=unix,addr.path=" + socket("C")
            + ",node-name=file,writable=on,num-queues=" + row[0]));
    boolean isComparable = row[5].equals("split");
    try {
      for (int turn = 0; turn <= TURNS; turn++) {
        print(turn, "here", row, load("here", here, row));
        print(turn, "C", row, isComparable ? load("C", there, row) : "cannot");
      }
    } finally {
      here.destroy();
      there.destroy();
    }
  }

  /** The first turn warms up. */
  private static void print(int turn, String side, String[] row, String line) {
    if (turn > 0) {
      System.out.printf("%-32s %-4s %s%n", String.join(" ", row), side, line);
    }
  }

  private String socket(String side) {
    return folder.resolve(side).toString();
  }

  private static List<String> java(String main, String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    return command;
  }

  private Process start(String side, List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(folder.resolve(side + ".log").toFile()).start();
    for (int i = 0; i < 1000 && !Files.exists(folder.resolve(side)); i++) {
      Thread.sleep(20);
    }
    return process;
  }

  private String load(String side, Process process, String[] row) throws IOException, InterruptedException {
    Process load = new ProcessBuilder(java(Load.class.getName(), socket(side), "" + process.pid(), row[0], row[1],
        row[2], row[3], "" + BYTES, SECONDS, row[4], row[5])).redirectErrorStream(true).start();
    String line = new String(load.getInputStream().readAllBytes()).strip();
    assertEquals(0, load.waitFor(), line);
    return line;
  }
}
