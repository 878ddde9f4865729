package io.flatview.examples.vhost.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.examples.vhost.VhostUserBlkCommand;
import io.flatview.examples.vhost.qemu.Machine.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's kernel in Debian's QEMU, with {@code -Dflatview.long=true} and where they are installed: it reads a disk,
 * and rewrites pieces of it with sums, while its back end is killed and its memory grows.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QemuTest {

  private static final long PATIENCE_SECONDS = 120;
  private static final int PACKED_RING = 34;

  @TempDir
  private Path folder;

  private Path kernel;

  @BeforeEach
  void qemuMustBeInstalled() throws Exception {
    assumeTrue(Boolean.getBoolean("flatview.long"), "skipped: takes minutes; ask for it with -Dflatview.long=true");
    kernel = Initrd.kernel().orElse(null);
    assumeTrue(kernel != null, "skipped: install Debian's packages qemu-system-x86, linux-image-amd64 and"
        + " busybox-static to boot a guest here");
  }

  private Path disk() throws Exception {
    byte[] content = new byte[32 << 20];
    RandomGeneratorFactory.getDefault().create(20).nextBytes(content);
    return Files.write(folder.resolve("disk.img"), content);
  }

  private static String sum(Path disk) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(disk)));
  }

  private Process backEnd(String flavour, int queues) throws Exception {
    Files.deleteIfExists(folder.resolve("socket"));
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), VhostUserBlkCommand.class.getName(),
        "--socket", folder.resolve("socket").toString(), "--disk", folder.resolve("disk.img").toString(),
        "--queues", "" + queues, "--rcu", flavour));
    Process process = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("back-end.log").toFile())).start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(folder.resolve("socket"))) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new AssertionError("no back end: " + Files.readString(folder.resolve("back-end.log")));
      }
      Thread.sleep(20);
    }
    return process;
  }

  private static void end(Process process) throws Exception {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the back end does not end");
    }
  }

  private static void assertAllRoundsWereGood(String said, int rounds) {
    assertFalse(said.contains("BAD"), said);
    assertTrue(said.contains("ROUND " + rounds + " "), said);
  }

  @ParameterizedTest
  @CsvSource({"1, epoch, false, false", "4, qsbr, false, true", "2, refcount, false, false", "1, epoch, true, false",
      "1, qsbr, true, true"})
  void debianReadsAndWritesTheDisk(int queues, String flavour, boolean iommu, boolean packed) throws Exception {
    Path disk = disk();
    String before = sum(disk);
    Process backEnd = backEnd(flavour, queues);
    try (Machine machine = machine(new Kind(queues, 3, iommu, packed))) {
      String said = machine.end();
      assertTrue(said.contains("SUM " + before), said);
      assertTrue(said.contains("DISCARDED"), said);
      assertEquals(packed, hasFeature(said, PACKED_RING), said);
      assertAllRoundsWereGood(said, 3);
    } finally {
      end(backEnd);
    }
  }

  /** Whether the guest's driver has accepted a feature. */
  private static boolean hasFeature(String said, int feature) {
    String bits = said.lines().filter(line -> line.startsWith("FEATURES ")).findFirst().orElseThrow().split(" ")[1];
    return bits.charAt(feature) == '1';
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBackEndThatIsKilledGoesOnWhereItWas(boolean packed) throws Exception {
    disk();
    Process backEnd = backEnd("epoch", 2);
    try (Machine machine = machine(new Kind(2, 20, false, packed))) {
      for (int round : new int[] {3, 8, 13}) {
        machine.await("ROUND " + round + " ");
        Thread.sleep(50L * round);
        backEnd.destroyForcibly().waitFor();
        backEnd = backEnd("epoch", 2);
      }
      assertAllRoundsWereGood(machine.end(), 20);
    } finally {
      end(backEnd);
    }
  }

  @Test
  void aGuestThatIsResetInTheMiddleStartsAgain() throws Exception {
    disk();
    Process backEnd = backEnd("epoch", 2);
    try (Machine machine = machine(new Kind(2, 5, false, false))) {
      for (int resets = 1; resets <= 2; resets++) {
        machine.await("ROUND 3 ", resets);
        machine.execute("{\"execute\": \"system_reset\"}");
      }
      assertAllRoundsWereGood(machine.end(), 5);
    } finally {
      end(backEnd);
    }
  }

  /** One processor: of two, QEMU 7.2 under TCG loses stores when it migrates, with a disk of its own as well. */
  @Test
  void aGuestThatMigratesUnderLoadHasAllThatTheDiskWrote() throws Exception {
    disk();
    Path migration = folder.resolve("migration");
    Process backEnd = backEnd("epoch", 1);
    try (Machine from = machine("from")) {
      from.await("ROUND 3 ");
      try (Machine to = machine("to", "-incoming", "unix:" + migration)) {
        while (!Files.exists(migration)) {
          Thread.sleep(50);
        }
        from.migrate(migration);
        assertAllRoundsWereGood(to.end(), 60);
      }
    } finally {
      end(backEnd);
    }
  }

  private Machine machine(Kind kind) throws Exception {
    return new Machine(folder, kernel, folder.resolve("socket"), kind);
  }

  private Machine machine(String name, String... more) throws Exception {
    Path own = Files.createDirectories(folder.resolve(name));
    return new Machine(own, kernel, folder.resolve("socket"), new Kind(1, 60, false, false), more);
  }

  @Test
  void memoryThatIsPluggedIsUsed() throws Exception {
    disk();
    Process backEnd = backEnd("qsbr", 2);
    try (Machine machine = machine(new Kind(2, 24, false, false))) {
      for (int i = 1; i <= 3; i++) {
        machine.await("ROUND " + 5 * i + " ");
        machine.execute(
            "{\"execute\": \"object-add\", \"arguments\": {\"qom-type\": \"memory-backend-memfd\", \"id\": \"m" + i
                + "\", \"size\": 134217728, \"share\": true}}",
            "{\"execute\": \"device_add\", \"arguments\": {\"driver\": \"pc-dimm\", \"id\": \"d" + i
                + "\", \"memdev\": \"m" + i + "\"}}");
      }
      String said = machine.end();
      assertAllRoundsWereGood(said, 24);
      assertEquals(4, said.lines().filter(line -> line.startsWith("ROUND"))
          .map(line -> line.split(" ")[2]).distinct().count(), said);
    } finally {
      end(backEnd);
    }
  }
}
