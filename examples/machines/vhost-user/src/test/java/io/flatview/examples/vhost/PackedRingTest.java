package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.front.PackedDriverQueue;
import io.flatview.examples.vhost.front.PackedDriverQueue.Descriptor;
import io.flatview.examples.vhost.front.SlowDevice;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.BlockDevice;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is special about a queue of one ring: any size, two wrap counters, and a driver's mistakes in it. */
class PackedRingTest {

  private static final int FUZZ_ROUNDS = Boolean.getBoolean("flatview.long") ? 50_000 : 150;
  private static final long DATA = 1 << 20;
  private static final long END = 4 << 20;
  private static final int SIZE = 64;
  private static final int WRITE = DriverQueue.WRITE;
  private static final int INDIRECT = DriverQueue.INDIRECT;
  private static final Descriptor HEADER = new Descriptor(DATA + 8192, 16, 0);
  private static final Descriptor STATUS = new Descriptor(DATA + 4096, 1, WRITE);

  @TempDir
  private Path folder;

  private final byte[] content = new byte[1 << 20];

  private Path image() throws Exception {
    RandomGeneratorFactory.getDefault().create(5).nextBytes(content);
    return Files.write(folder.resolve("disk.img"), content);
  }

  /** Requests of one to three descriptors, returned in any order, in rings that they do not divide. */
  @ParameterizedTest
  @CsvSource({"3, 0", "7, 0", "100, 0x10000000", "129, 0x20000000", "5, 0x30000000"})
  void ringsOfAnySizeGoRound(int size, long features) throws Exception {
    long all = features | FrontEnd.PACKED;
    int depth = Math.min(8, (all & FrontEnd.INDIRECT) != 0 ? size : size / 3);
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(size);
    try (BackEnd backEnd = new BackEnd("epoch", new SlowDevice(new BlockDevice(image(), false, 1)));
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        PackedDriverQueue queue = new PackedDriverQueue(ram, 0, 0, size, all)) {
      link.front().negotiate(all);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      long[] sectors = new long[depth];
      Deque<Integer> free = new ArrayDeque<>();
      for (int slot = 0; slot < depth; slot++) {
        free.add(slot);
      }
      for (int done = 0; done < 600; done++) {
        while (!free.isEmpty()) {
          int slot = free.remove();
          sectors[slot] = random.nextInt(2000);
          queue.prepare(slot, DriverQueue.IN, sectors[slot], DATA + slot * 4096L, 4096);
          queue.submit(slot);
        }
        queue.kick();
        int slot = queue.await();
        assertNotEquals(-1, slot);
        assertEquals(0, queue.status(slot));
        MemorySegment expected = MemorySegment.ofArray(content).asSlice(sectors[slot] * 512, 4096);
        assertEquals(-1, expected.mismatch(ram.at(DATA + slot * 4096L, 4096)));
        free.add(slot);
        if (done % 100 == 99) {
          restart(link.front(), queue, free);
        }
      }
    }
  }

  /** Stops in the middle: all that was made available is returned, and the next thread goes on behind it. */
  private static void restart(FrontEnd front, DriverQueue queue, Deque<Integer> free) throws Exception {
    int base = front.ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0)).getInt(4);
    for (int slot = queue.take(); slot >= 0; slot = queue.take()) {
      free.add(slot);
    }
    assertEquals(queue.base(), base);
    queue.start(front, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1 << 15 | 1, 1 << 16})
  void aRingOfASizeThatCannotBeIsRefused(int size) throws Exception {
    try (BackEnd backEnd = BackEnd.disk("epoch", image(), 1); BackEnd.Link link = backEnd.connect()) {
      link.front().negotiate(FrontEnd.PACKED);
      assertNotEquals(0, link.front().acknowledged(Request.SET_VRING_NUM, FrontEnd.state(0, size)));
      assertEquals(0, link.front().acknowledged(Request.SET_VRING_NUM, FrontEnd.state(0, 100)));
      assertNotEquals(0, link.front().acknowledged(
          Request.SET_VRING_ADDR, FrontEnd.addresses(0, 0, 2, 4096)), "driver's events at 2");
    }
  }

  /** A split ring's size and addresses mean nothing for a packed one, nor the other way. */
  @Test
  void aRingIsSetUpAnewInAnotherLayout() throws Exception {
    try (BackEnd backEnd = BackEnd.disk("epoch", image(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      for (long features : new long[] {0, FrontEnd.PACKED, 0}) {
        link.front().negotiate(features);
        ram.all().fill((byte) 0);
        int size = features == 0 ? SIZE : SIZE + 1;
        try (DriverQueue queue = DriverQueue.of(ram, 0, 0, size, features)) {
          queue.start(link.front(), false);
          assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
        }
      }
    }
  }

  @Test
  void aRingThatBeginsWhereThereIsNoneIsBroken() throws Exception {
    try (BackEnd backEnd = BackEnd.disk("epoch", image(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        PackedDriverQueue queue = new PackedDriverQueue(ram, 0, 0, SIZE, FrontEnd.PACKED)) {
      link.front().negotiate(FrontEnd.PACKED);
      link.front().setTable(ram);
      queue.restart(link.front(), SIZE | (SIZE - 1) << 16);
      assertTrue(queue.awaitBroken());
      queue.start(link.front(), false);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
  }

  /** What a driver does wrong. */
  private record Mistake(String name, int id, List<Descriptor> chain) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Mistake mistake(String name, int id, Descriptor... chain) {
    return new Mistake(name, id, List.of(chain));
  }

  static Stream<Mistake> mistakes() {
    Descriptor data = new Descriptor(DATA, 512, WRITE);
    return Stream.of(
        mistake("number 64 of 64", SIZE, HEADER, STATUS),
        mistake("number 65535", -1, HEADER, STATUS),
        new Mistake("a chain of more than the ring", 1, Collections.nCopies(SIZE + 1, data)),
        mistake("a header at no memory", 1, new Descriptor(END, 16, 0), STATUS),
        mistake("a header across the end", 1, new Descriptor(END - 8, 16, 0), STATUS),
        mistake("a header beyond the last address", 1, new Descriptor(-8, 16, 0), STATUS),
        mistake("an empty header", 1, new Descriptor(DATA, 0, 0), STATUS),
        mistake("a short header", 1, new Descriptor(DATA, 15, 0), STATUS),
        mistake("nothing to write", 1, HEADER),
        mistake("nothing to read", 1, STATUS),
        mistake("data to read after data to write", 1, HEADER, STATUS, HEADER),
        mistake("data at no memory", 1, HEADER, new Descriptor(END, 512, WRITE), STATUS),
        mistake("a table of 8 bytes", 1, new Descriptor(DATA, 8, INDIRECT)),
        mistake("an empty table", 1, new Descriptor(DATA, 0, INDIRECT)),
        mistake("a table of 4 GiB", 1, new Descriptor(DATA, -16, INDIRECT)),
        mistake("a table of 1025", 1, new Descriptor(DATA, 16 * 1025, INDIRECT)),
        mistake("a table at no memory", 1, new Descriptor(END, 48, INDIRECT)),
        mistake("a table across the end", 1, new Descriptor(END - 16, 48, INDIRECT)),
        mistake("a table of empty buffers", 1, new Descriptor(DATA + 65536, 48, INDIRECT)),
        mistake("a table that has a next", 1, new Descriptor(DATA, 48, INDIRECT), STATUS));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeBreaksTheRingUntilItIsStartedAgain(Mistake mistake) throws Exception {
    long features = FrontEnd.PACKED | FrontEnd.INDIRECT;
    try (BackEnd backEnd = BackEnd.disk("epoch", image(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        PackedDriverQueue queue = new PackedDriverQueue(ram, 0, 0, SIZE, features)) {
      link.front().negotiate(features);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
      queue.submit(mistake.id, mistake.chain);
      queue.kick.signal();
      assertTrue(queue.awaitBroken(), "the front end does not hear of it");
      assertEquals(1, queue.usedIndex());
      queue.startAgain(link.front());
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
  }

  /** Rings of random bits: whatever they ask for, the ring breaks or serves, and works when it is started again. */
  @Test
  void noRingHurtsTheNext() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(3);
    long features = FrontEnd.PACKED | FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX;
    try (BackEnd backEnd = BackEnd.disk("epoch", image(), 1);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, END);
        PackedDriverQueue queue = new PackedDriverQueue(ram, 0, 0, SIZE, features)) {
      link.front().negotiate(features);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      for (int i = 0; i < FUZZ_ROUNDS; i++) {
        scribble(queue, ram, random);
        queue.kick.signal();
        queue.startAgain(link.front());
      }
      ram.at(0, 1 << 18).fill((byte) 0);
      queue.startAgain(link.front());
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    }
  }

  private static void scribble(PackedDriverQueue queue, GuestRam ram, RandomGenerator random) {
    long[] addresses = {0, DATA, END - 16, END, -16, queue.descriptors, random.nextLong()};
    int[] lengths = {0, 1, 15, 16, 17, 48, 512, 4096, 1 << 22, -1, random.nextInt()};
    byte[] events = new byte[4];
    random.nextBytes(events);
    ram.at(queue.available, 4).copyFrom(MemorySegment.ofArray(events));
    for (int i = random.nextInt(8); i >= 0; i--) {
      List<Descriptor> chain = new ArrayList<>();
      for (int j = random.nextInt(5); j >= 0; j--) {
        chain.add(new Descriptor(addresses[random.nextInt(addresses.length)], lengths[random.nextInt(lengths.length)],
            random.nextInt(8)));
      }
      queue.submit(random.nextInt(10), chain);
    }
  }
}
