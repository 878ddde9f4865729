package io.flatview.examples.mappedindex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.contract.Flavours;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.ObjectName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MappedIndexTest {

  @TempDir
  Path folder;

  static List<ReclaimPolicyProvider> flavours() {
    return Flavours.found(3);
  }

  /** A torn record, or one of a file that is unmapped, ends the reader with an exception. */
  @ParameterizedTest
  @MethodSource("flavours")
  void readersSeeWholeRecordsWhileFilesAreSwapped(ReclaimPolicyProvider flavour) throws Exception {
    try (Storm storm = new Storm(folder, flavour)) {
      storm.run(Duration.ofMillis(500), 1_000);
      assertTrue(storm.swapsPerSecond() > 0);
      assertTrue(storm.readsPerSecond() > 0);
    }
    try (var left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  /** Forbidden: a receiver that takes its time holds up what others retire. */
  @ParameterizedTest
  @MethodSource("flavours")
  void aSlowReceiverHoldsUpNothingButItsFile(ReclaimPolicyProvider flavour) throws Exception {
    Path first = IndexFile.write(folder.resolve("first"), 1, 1_000);
    Path second = IndexFile.write(folder.resolve("second"), 2, 1_000);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (ReclaimPolicy policy = flavour.create(); MappedIndex index = new MappedIndex(policy, first);
        Reader reader = policy.register("sender")) {
      WritableByteChannel slow = Channels.newChannel(received);
      AtomicBoolean swapped = new AtomicBoolean();
      index.send(reader, new Receiver(slow, () -> {
        if (swapped.compareAndSet(false, true)) {
          index.swap(second);
          policy.barrier();
          assertEquals(IndexFile.value(2, 7), index.find(reader, 7));
        }
      }));
      reader.quiescent();
    }
    assertEquals(-1, Arrays.mismatch(Files.readAllBytes(first), received.toByteArray()));
  }

  @ParameterizedTest
  @MethodSource("flavours")
  void serversSeeWhatWaits(ReclaimPolicyProvider flavour) throws Exception {
    Path file = IndexFile.write(folder.resolve("file"), 1, 100);
    ObjectName name = new ObjectName("io.flatview:type=Reclamation,name=\"index\"");
    try (ReclaimPolicy policy = flavour.create(); Reclamation _ = Reclamation.register(policy, "index")) {
      try (MappedIndex index = new MappedIndex(policy, file)) {
        index.swap(file);
      }
      policy.barrier();
      assertEquals(flavour.name(), attribute(name, "Flavour"));
      assertEquals(2L, attribute(name, "Reclaimed"));
      assertEquals(0L, attribute(name, "WaitingBytes"));
      assertTrue((long) attribute(name, "MaxBlocks") >= 1);
    }
    assertTrue(!ManagementFactory.getPlatformMBeanServer().isRegistered(name));
  }

  private static Object attribute(ObjectName name, String attribute) throws Exception {
    return ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
  }

  /** Something happens before each write. */
  private record Receiver(WritableByteChannel to, Before before) implements WritableByteChannel {

    interface Before {
      void write() throws IOException;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      before.write();
      return to.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return to.isOpen();
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
