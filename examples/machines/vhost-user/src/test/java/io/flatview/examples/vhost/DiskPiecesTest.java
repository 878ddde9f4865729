package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.BlockDevice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces of a disk are discarded or zeroed, all of a request or none; and what a flush is for a driver without any. */
class DiskPiecesTest {

  private static final int SECTORS = 1 << 18;
  private static final int WRITTEN = 1 << 20;
  private static final long DATA = 1 << 20;
  private static final int UNMAP = 1;
  private static final int OK = 0;
  private static final int ERROR = 1;
  private static final int UNSUPPORTED = 2;

  /** A disk in memory, whose file system makes holes. */
  private final GuestRam disk = new GuestRam(0, SECTORS * 512L);

  private final GuestRam ram = new GuestRam(0, 4 << 20);
  private final byte[] expected = new byte[WRITTEN];

  @TempDir
  private Path folder;

  @BeforeEach
  void fill() {
    Arrays.fill(expected, (byte) 0x5a);
    disk.at(0, WRITTEN).copyFrom(MemorySegment.ofArray(expected));
  }

  @AfterEach
  void close() {
    disk.close();
    ram.close();
  }

  private Path path() {
    return Path.of("/proc/self/fd/" + disk.file().number());
  }

  private void serve(boolean readOnly, Requests requests) throws Exception {
    try (BackEnd backEnd = new BackEnd("epoch", new BlockDevice(path(), readOnly, 1));
        BackEnd.Link link = backEnd.connect();
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      requests.make(queue);
    }
    assertEquals(-1, disk.at(0, WRITTEN).mismatch(MemorySegment.ofArray(expected)));
  }

  /** What a driver does. */
  private interface Requests {
    void make(DriverQueue queue) throws Exception;
  }

  /** A request for pieces: sector, count, flags, and so on. */
  private int request(DriverQueue queue, int type, long... pieces) {
    ByteBuffer data = ram.at(DATA, 16L * pieces.length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < pieces.length; i += 3) {
      data.putLong(pieces[i]).putInt((int) pieces[i + 1]).putInt((int) pieces[i + 2]);
    }
    return queue.request(type, 0, DATA, 16 * (pieces.length / 3));
  }

  private void expectZeros(int sector, int count) {
    Arrays.fill(expected, sector * 512, (sector + count) * 512, (byte) 0);
  }

  @Test
  void whatIsDiscardedBecomesAHole() throws Exception {
    serve(false, queue -> {
      assertEquals(OK, request(queue, DriverQueue.DISCARD, 8, 16, 0));
      expectZeros(8, 16);
      assertEquals(OK, request(queue, DriverQueue.DISCARD, 101, 3, 0, 200, 0, 0, 300, 800, 0));
      expectZeros(101, 3);
      expectZeros(300, 800);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, UNMAP})
  void zerosAreWrittenOrAHole(int flags) throws Exception {
    serve(false, queue -> {
      assertEquals(OK, request(queue, DriverQueue.ZEROES, 1, 1, flags, 5, 0, flags, 1000, 1024, flags));
      expectZeros(1, 1);
      expectZeros(1000, 1024);
      assertEquals(OK, request(queue, DriverQueue.ZEROES, WRITTEN / 512 - 1, 1 << 17, flags));
      expectZeros(WRITTEN / 512 - 1, 1);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {DriverQueue.DISCARD, DriverQueue.ZEROES})
  void aRequestWithAWrongPieceLeavesTheDiskAlone(int type) throws Exception {
    serve(false, queue -> {
      long most = type == DriverQueue.DISCARD ? 1 << 22 : 1 << 17;
      assertEquals(ERROR, request(queue, type, 0, 8, 0, SECTORS - 7, 8, 0));
      assertEquals(ERROR, request(queue, type, 0, 8, 0, -1, 1, 0));
      assertEquals(ERROR, request(queue, type, 0, 8, 0, -1, 2, 0));
      assertEquals(ERROR, request(queue, type, 0, most + 1, 0));
      assertEquals(ERROR, request(queue, type, 0, -1, 0));
      assertEquals(UNSUPPORTED, request(queue, type, 0, 8, 0, 8, 8, 2));
      assertEquals(UNSUPPORTED, request(queue, type, 0, 8, 0, 8, 8, 1 << 31));
      assertEquals(ERROR, request(queue, type));
      assertEquals(ERROR, queue.request(type, 0, DATA, 15));
      assertEquals(ERROR, queue.request(type, 0, DATA, 24));
      assertEquals(ERROR, request(queue, type, new long[3 * 33]));
      assertEquals(OK, request(queue, type, new long[3 * 32]));
      assertEquals(OK, request(queue, type, SECTORS, 0, 0));
    });
  }

  @Test
  void aDiscardDoesNotKnowTheFlagOfZeros() throws Exception {
    serve(false, queue -> assertEquals(UNSUPPORTED, request(queue, DriverQueue.DISCARD, 0, 8, UNMAP)));
  }

  @Test
  void aDiskThatIsReadOnlyKeepsItsPieces() throws Exception {
    serve(true, queue -> {
      assertEquals(UNSUPPORTED, request(queue, DriverQueue.DISCARD, 0, 8, 0));
      assertEquals(UNSUPPORTED, request(queue, DriverQueue.ZEROES, 0, 8, 0));
    });
  }

  @Test
  void theConfigurationHasTheLimits() throws Exception {
    try (BackEnd backEnd = new BackEnd("epoch", new BlockDevice(path(), false, 1));
        BackEnd reader = new BackEnd("epoch", new BlockDevice(path(), true, 1));
        BackEnd.Link link = backEnd.connect();
        BackEnd.Link readerLink = reader.connect()) {
      long features = BlockDevice.DISCARD | BlockDevice.WRITE_ZEROES;
      assertEquals(features, link.front().ask(Request.GET_FEATURES) & features);
      assertEquals(0, readerLink.front().ask(Request.GET_FEATURES) & features);
      link.front().negotiate(features);
      ByteBuffer answer = link.front().ask(Request.GET_CONFIG, FrontEnd.bytes(72).putInt(4, 60));
      assertEquals(1 << 22, answer.getInt(12 + 36));
      assertEquals(32, answer.getInt(12 + 40));
      assertEquals(8, answer.getInt(12 + 44));
      assertEquals(1 << 17, answer.getInt(12 + 48));
      assertEquals(32, answer.getInt(12 + 52));
      assertEquals(1, answer.get(12 + 56));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDriverWithoutFlushesHasEachWriteFlushed(boolean flushes) throws Exception {
    Path image = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
    try (Recording recording = new Recording();
        BackEnd backEnd = BackEnd.disk("epoch", image, 1);
        BackEnd.Link link = backEnd.connect();
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, 0)) {
      link.front().negotiateNoMore(flushes ? BlockDevice.FLUSH : 0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      assertEquals(OK, queue.request(DriverQueue.OUT, 0, DATA, 4096));
      assertEquals(OK, request(queue, DriverQueue.ZEROES, 0, 8, 0));
      assertEquals(OK, queue.request(DriverQueue.IN, 0, DATA, 4096));
      assertEquals(OK, request(queue, DriverQueue.DISCARD, 0, 8, 0));
      assertEquals(ERROR, queue.request(DriverQueue.OUT, 0, DATA, 511));
      assertEquals(flushes ? 0 : 2, forced(recording, image));
      assertEquals(OK, queue.request(DriverQueue.FLUSH, 0, 0, 0));
      assertEquals(flushes ? 1 : 3, forced(recording, image));
    }
    assertEquals(0, Files.readAllBytes(image)[0]);
  }

  private long forced(Recording recording, Path image) throws IOException {
    Path file = folder.resolve("events.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> image.toString().equals(event.getString("path"))).count();
  }
}
