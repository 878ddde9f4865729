package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A guest's mistakes: the ring is broken, the front end hears of it, and starts it again. */
class MalformedRingsTest {

  private static final int FUZZ_ROUNDS = Boolean.getBoolean("flatview.long") ? 50_000 : 150;
  private static final long DATA = 1 << 20;
  private static final long END = 4 << 20;
  private static final int SIZE = 128;
  private static final int NEXT = DriverQueue.NEXT;
  private static final int WRITE = DriverQueue.WRITE;
  private static final int INDIRECT = DriverQueue.INDIRECT;

  @TempDir
  private Path folder;

  /** What a driver does wrong. */
  private interface Wrong {
    void put(DriverQueue queue);
  }

  /** With a name. */
  private record Mistake(String name, Wrong wrong) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Mistake first(String name, long address, int length, int flags, int next) {
    return new Mistake(name, queue -> {
      queue.prepare(0, DriverQueue.IN, 0, DATA, 512);
      queue.descriptor(queue.descriptors, address, length, flags, next);
      queue.submit(0);
    });
  }

  private static Mistake data(String name, long address, int length, int flags, int next) {
    return new Mistake(name, queue -> {
      queue.prepare(0, DriverQueue.IN, 0, DATA, 512);
      queue.descriptor(queue.descriptors + 16, address, length, flags, next);
      queue.submit(0);
    });
  }

  private static Mistake table(String name, Wrong wrong) {
    return new Mistake(name, queue -> {
      queue.prepare(0, DriverQueue.IN, 0, DATA, 512);
      wrong.put(queue);
      queue.submit(0);
    });
  }

  static Stream<Mistake> mistakes() {
    return Stream.of(
        new Mistake("head 128 of 128", queue -> queue.submit(SIZE)),
        new Mistake("head 65535", queue -> queue.submit(-1)),
        new Mistake("an index far ahead", queue -> queue.setAvailableIndex(SIZE + 5)),
        new Mistake("an index behind", queue -> queue.setAvailableIndex(-1)),
        first("a descriptor that is its own next", DATA, 16, NEXT, 0),
        first("a next of 128", DATA, 16, NEXT, SIZE),
        first("a header at no memory", END, 16, NEXT, 1),
        first("a header across the end of memory", END - 8, 16, NEXT, 1),
        first("a header at the last addresses", -8, 8, NEXT, 1),
        first("a header beyond the last address", -8, 16, NEXT, 1),
        first("an empty header", DATA, 0, NEXT, 1),
        first("a short header", DATA, 15, NEXT, 2),
        first("nothing to write", DATA, 16, 0, 0),
        first("a header to write", DATA, 16, WRITE | NEXT, 1),
        data("data at no memory", END, 512, WRITE | NEXT, 2),
        data("data at an address of 64 bits", 0x8000_0000_0000_0000L, 512, WRITE | NEXT, 2),
        data("data beyond the last address", -256, 512, WRITE | NEXT, 2),
        data("data to read after data to write", DATA, 512, WRITE | NEXT, 0),
        data("a loop", DATA, 512, NEXT, 0),
        table("a table of 8 bytes", q -> q.descriptor(q.descriptors, DATA, 8, INDIRECT, 0)),
        table("an empty table", q -> q.descriptor(q.descriptors, DATA, 0, INDIRECT, 0)),
        table("a table of 4 GiB", q -> q.descriptor(q.descriptors, DATA, -16, INDIRECT, 0)),
        table("a table at no memory", q -> q.descriptor(q.descriptors, END, 48, INDIRECT, 0)),
        table("a table across the end", q -> {
          q.descriptor(END - 16, DATA, 16, NEXT, 1);
          q.descriptor(q.descriptors, END - 16, 32, INDIRECT, 0);
        }),
        table("a table that has a next", q -> q.descriptor(q.descriptors, DATA, 48, INDIRECT | NEXT, 1)),
        table("a table in a table", q -> {
          q.descriptor(DATA, DATA, 16, INDIRECT, 0);
          q.descriptor(q.descriptors, DATA, 16, INDIRECT, 0);
        }),
        table("a loop in a table", q -> {
          q.descriptor(DATA, DATA + 4096, 16, NEXT, 0);
          q.descriptor(q.descriptors, DATA, 16, INDIRECT, 0);
        }),
        table("a next beyond a table", q -> {
          q.descriptor(DATA, DATA + 4096, 16, NEXT, 7);
          q.descriptor(q.descriptors, DATA, 48, INDIRECT, 0);
        }));
  }

  private BackEnd disk() throws Exception {
    return BackEnd.disk("epoch", Files.write(folder.resolve("disk.img"), new byte[1 << 20]), 1);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeBreaksTheRingUntilItIsStartedAgain(Mistake mistake) throws Exception {
    try (BackEnd backEnd = disk();
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        DriverQueue queue = new DriverQueue(ram, 0, 0, SIZE, 0)) {
      link.front().negotiate(FrontEnd.INDIRECT);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
      mistake.wrong().put(queue);
      queue.kick.signal();
      assertTrue(queue.awaitBroken(), "the front end does not hear of it");
      assertEquals(1, queue.usedIndex());
      queue.startAgain(link.front());
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
  }

  @Test
  void aRingThatWasNeverAgreedToHaveTablesIsBrokenByOne() throws Exception {
    try (BackEnd backEnd = disk();
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        DriverQueue queue = new DriverQueue(ram, 0, 0, SIZE, FrontEnd.INDIRECT)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      queue.prepare(0, DriverQueue.IN, 0, DATA, 512);
      queue.submit(0);
      queue.kick();
      assertTrue(queue.awaitBroken());
    }
  }

  @Test
  void aRingAtNoMemoryIsBroken() throws Exception {
    try (BackEnd backEnd = disk();
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        DriverQueue queue = new DriverQueue(ram, 0, 0, SIZE, 0)) {
      link.front().negotiate(0);
      queue.start(link.front(), false);
      assertTrue(queue.awaitBroken());
      link.front().setTable(ram);
      queue.startAgain(link.front());
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
  }

  /** The front end cuts the file of memory that is in use: an access of this process to it is a bus error. */
  @ParameterizedTest
  @MethodSource("cuts")
  void aFileThatIsCutBreaksTheRingOrFailsTheRequest(long length) throws Exception {
    try (BackEnd backEnd = disk();
        BackEnd.Link link = backEnd.connect();
        GuestRam rings = new GuestRam(0, 1 << 20);
        GuestRam data = new GuestRam(1 << 20, 1 << 20);
        DriverQueue queue = new DriverQueue(rings, 0, 0, SIZE, 0)) {
      link.front().negotiate(0);
      link.front().setTable(rings, data);
      queue.start(link.front(), false);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 4096));
      data.file().truncate(length);
      assertEquals(1, queue.request(DriverQueue.OUT, 0, DATA + 65536, 4096));
      assertEquals(1, queue.request(DriverQueue.IN, 0, DATA + 65536, 4096));
      queue.prepare(0, DriverQueue.IN, 0, DATA, 512);
      queue.descriptor(queue.descriptors, DATA + 65536, 16, NEXT, 1);
      queue.submit(0);
      queue.kick.signal();
      assertTrue(queue.awaitBroken());
      assertEquals(0, link.front().setTable(rings));
    }
  }

  static Stream<Long> cuts() {
    return Stream.of(0L, 4096L);
  }

  /** Rings of random bits: whatever they ask for, the ring breaks or serves, and works when it is started again. */
  @Test
  void noRingHurtsTheNext() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(3);
    try (BackEnd backEnd = disk();
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        DriverQueue queue = new DriverQueue(ram, 0, 0, SIZE, 0)) {
      link.front().negotiate(FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      for (int i = 0; i < FUZZ_ROUNDS; i++) {
        scribble(queue, random);
        queue.kick.signal();
        queue.startAgain(link.front());
      }
      ram.at(0, 1 << 18).fill((byte) 0);
      queue.startAgain(link.front());
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
  }

  private static void scribble(DriverQueue queue, RandomGenerator random) {
    long[] addresses = {0, DATA, END - 16, END, -16, queue.descriptors, random.nextLong()};
    int[] lengths = {0, 1, 15, 16, 17, 48, 512, 4096, 1 << 22, -1, random.nextInt()};
    for (int i = 0; i < 24; i++) {
      long at = random.nextInt(3) == 0 ? DATA + 16L * random.nextInt(8) : queue.descriptors + 16L * random.nextInt(8);
      queue.descriptor(at, addresses[random.nextInt(addresses.length)], lengths[random.nextInt(lengths.length)],
          random.nextInt(8), random.nextInt(10));
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      queue.submit(random.nextInt(8));
    }
  }
}
