package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.BlockDevice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk serves what a driver may ask, with every flavour, by every form of ring. */
class DiskTest {

  private static final int SECTORS = 2048;
  private static final long RINGS = 0;
  private static final long DATA = 1 << 20;
  private static final int SIZE = 128;

  @TempDir
  private Path folder;

  private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(20);

  private Path disk() throws Exception {
    byte[] content = new byte[SECTORS * 512];
    random.nextBytes(content);
    return Files.write(folder.resolve("disk.img"), content);
  }

  @ParameterizedTest
  @CsvSource({"epoch, 0", "qsbr, 0x10000000", "refcount, 0x20000000", "epoch, 0x30000000",
      "epoch, 0x400000000", "qsbr, 0x410000000", "refcount, 0x420000000", "epoch, 0x430000000"})
  void whatIsWrittenIsReadWhateverTheForm(String flavour, long features) throws Exception {
    Path disk = disk();
    byte[] expected = Files.readAllBytes(disk);
    try (BackEnd backEnd = BackEnd.disk(flavour, disk, 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, RINGS, 0, SIZE, features)) {
      link.front().negotiate(features);
      assertEquals(0, link.front().setTable(ram));
      queue.start(link.front(), false);
      for (int i = 0; i < 300; i++) {
        int sectors = random.nextInt(1, 200);
        int sector = random.nextInt(SECTORS - sectors);
        MemorySegment data = ram.at(DATA, sectors * 512);
        if (random.nextBoolean()) {
          byte[] written = new byte[sectors * 512];
          random.nextBytes(written);
          MemorySegment.copy(written, 0, data, ValueLayout.JAVA_BYTE, 0, written.length);
          System.arraycopy(written, 0, expected, sector * 512, written.length);
          assertEquals(0, queue.request(DriverQueue.OUT, sector, DATA, sectors * 512));
        } else {
          assertEquals(0, queue.request(DriverQueue.IN, sector, DATA, sectors * 512));
          assertEquals(-1, MemorySegment.ofArray(expected).asSlice(sector * 512, sectors * 512).mismatch(data));
        }
      }
      assertEquals(0, queue.request(DriverQueue.FLUSH, 0, 0, 0));
    }
    assertArrayEquals(expected, Files.readAllBytes(disk));
  }

  @ParameterizedTest
  @CsvSource({"0", "0x30000000", "0x400000000", "0x430000000"})
  void manyRequestsAtOnceAreAllReturned(long features) throws Exception {
    Path disk = disk();
    byte[] content = Files.readAllBytes(disk);
    try (BackEnd backEnd = BackEnd.disk("epoch", disk, 2);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue first = DriverQueue.of(ram, RINGS, 0, SIZE, features);
        DriverQueue second = DriverQueue.of(ram, RINGS + (1 << 19), 1, SIZE, features)) {
      link.front().negotiate(features);
      assertEquals(2, link.front().ask(Request.GET_QUEUE_NUM));
      assertEquals(0, link.front().setTable(ram));
      first.start(link.front(), false);
      second.start(link.front(), false);
      Thread other = Thread.ofPlatform().start(() -> burst(second, ram, content, 2000, DATA + (1 << 20)));
      burst(first, ram, content, 2000, DATA);
      other.join();
      assertEquals(4000, backEnd.counters.requests());
    }
  }

  private static void burst(DriverQueue queue, GuestRam ram, byte[] content, int count, long data) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(7);
    int depth = 32;
    long[] sectors = new long[depth];
    int submitted = 0;
    for (int returned = 0; returned < count; ) {
      while (submitted < count && submitted - returned < depth && submitted < depth) {
        submit(queue, submitted, sectors, random, data);
        submitted++;
      }
      queue.kick();
      int slot = queue.await();
      assertEquals(0, slot < 0 ? -2 : queue.status(slot));
      long at = sectors[slot] * 512;
      assertEquals(-1, MemorySegment.ofArray(content).asSlice(at, 4096).mismatch(ram.at(data + slot * 4096L, 4096)));
      returned++;
      if (submitted < count) {
        submit(queue, slot, sectors, random, data);
        submitted++;
      }
    }
  }

  private static void submit(DriverQueue queue, int slot, long[] sectors, RandomGenerator random, long data) {
    sectors[slot] = random.nextInt(SECTORS - 8);
    queue.prepare(slot, DriverQueue.IN, sectors[slot], data + slot * 4096L, 4096);
    queue.submit(queue.head(slot));
  }

  @Test
  void theConfigurationSaysWhatThereIs() throws Exception {
    try (BackEnd backEnd = BackEnd.disk("epoch", disk(), 4); BackEnd.Link link = backEnd.connect()) {
      link.front().negotiate(0);
      ByteBuffer answer = link.front().ask(Request.GET_CONFIG, FrontEnd.bytes(72).putInt(4, 60));
      assertEquals(SECTORS, answer.getLong(12));
      assertEquals(512, answer.getInt(12 + 20));
      assertEquals(4, answer.getShort(12 + 34));
      ByteBuffer beyond = link.front().ask(Request.GET_CONFIG, FrontEnd.bytes(73).putInt(4, 61));
      assertEquals(0, beyond.remaining());
    }
  }

  @Test
  void whatADiskCannotDoHasAStatus() throws Exception {
    try (BackEnd backEnd = BackEnd.disk("epoch", disk(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, RINGS, 0, SIZE, 0)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      assertEquals(1, queue.request(DriverQueue.IN, SECTORS, DATA, 512));
      assertEquals(1, queue.request(DriverQueue.IN, -1, DATA, 512));
      assertEquals(1, queue.request(DriverQueue.IN, SECTORS - 1, DATA, 1024));
      assertEquals(1, queue.request(DriverQueue.IN, 0, DATA, 511));
      assertEquals(1, queue.request(DriverQueue.IN, 0, DATA, -512));
      assertEquals(1, queue.request(DriverQueue.IN, 0, DATA, -1));
      assertEquals(2, queue.request(77, 0, DATA, 512));
      assertEquals(0, queue.request(DriverQueue.NAME, 0, DATA, 20));
      assertEquals("flatview", StandardCharsets.US_ASCII.decode(ram.at(DATA, 8).asByteBuffer()).toString());
    }
  }

  @Test
  void aDiskThatIsReadOnlyIsNotWritten() throws Exception {
    Path disk = disk();
    byte[] before = Files.readAllBytes(disk);
    try (BackEnd backEnd = new BackEnd("epoch", new BlockDevice(disk, true, 1));
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, RINGS, 0, SIZE, 0)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      assertEquals(1 << 5, link.front().ask(Request.GET_FEATURES) & 1 << 5);
      assertEquals(1, queue.request(DriverQueue.OUT, 0, DATA, 512));
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
    assertArrayEquals(before, Files.readAllBytes(disk));
  }
}
