package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files are swapped while a reader stays in its section. With a million actions as the only limit the JVM ended. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StuckReaderTest {

  private static final int SWAPS = 16_384 + 1_000;

  @TempDir
  Path directory;

  @Test
  void theWriterWaitsWhereTheSystemWouldRefuseAnotherMapping() throws IOException {
    Path file = Files.write(directory.resolve("records"), new byte[64]);
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound());
        RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.platform()) {
      reader.enter();
      Future<?> swaps = writer.begin(() -> swap(Mappings.of(policy), file));
      Await.until("the limit is reached", () -> policy.statistics().waitingBlocks() == 16_384);
      Await.notFor("the writer went on", swaps::isDone);
      reader.leave();
      Puppet.result(swaps);
      policy.barrier();
      assertTrue(policy.statistics().maxBlocks() <= 16_384);
    }
  }

  private static void swap(Mappings mappings, Path file) {
    try {
      for (int i = 0; i < SWAPS; i++) {
        mappings.file(file, Mapping.Use.READ).close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
