package io.flatview.examples.vhost;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.front.SlowDevice;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.rcu.contract.EachFlavour;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What the device writes into guest memory is marked in the front end's log before the guest can know of it. */
class DirtyLogTest {

  private static final VarHandle WORD = JAVA_LONG.varHandle();
  private static final int ROUNDS = Boolean.getBoolean("flatview.long") ? 200 : 4;
  private static final int MOST_RUNS = 10;
  private static final int DEPTH = 4;
  private static final long RAM = 16 << 20;
  private static final long RINGS = RAM + (1 << 20);
  private static final long DATA = RAM + (2 << 20);

  @TempDir
  private Path folder;

  private BackEnd disk(String flavour) throws Exception {
    return disk(flavour, 1);
  }

  private BackEnd disk(String flavour, int queues) throws Exception {
    return BackEnd.disk(flavour, image(), queues);
  }

  private Path image() throws Exception {
    byte[] content = new byte[1 << 20];
    RandomGeneratorFactory.getDefault().create(5).nextBytes(content);
    return Files.write(folder.resolve("disk.img"), content);
  }

  private static long setLog(FrontEnd front, GuestRam log) throws Exception {
    return front.acknowledged(Request.SET_LOG_BASE, FrontEnd.bytes(16).putLong(0, log.bytes()), log.file());
  }

  private static long setLogging(FrontEnd front, boolean on) throws Exception {
    return setLogging(front, on, 0);
  }

  private static long setLogging(FrontEnd front, boolean on, long others) throws Exception {
    long features = FrontEnd.VERSION_1 | FrontEnd.PROTOCOL_FEATURES | (on ? FrontEnd.LOG_ALL : 0) | others;
    return front.acknowledged(Request.SET_FEATURES, FrontEnd.u64(features));
  }

  /** Takes and clears bits as QEMU does, a word at once. */
  private static List<Long> takePages(GuestRam log) {
    List<Long> pages = new ArrayList<>();
    for (long at = 0; at + 8 <= log.bytes(); at += 8) {
      long bits = (long) WORD.getAndSet(log.all(), at, 0L);
      for (; bits != 0; bits &= bits - 1) {
        pages.add((at * 8 + Long.numberOfTrailingZeros(bits)) << 12);
      }
    }
    return pages;
  }

  @ParameterizedTest
  @EachFlavour
  void whatIsWrittenIsMarkedAndNothingElse(String flavour) throws Exception {
    try (BackEnd backEnd = disk(flavour);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(RAM, 4 << 20);
        GuestRam log = new GuestRam(0, 4096);
        DriverQueue queue = new DriverQueue(ram, RINGS, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 4096));
      assertEquals(List.of(), takePages(log), "a log that was never set");
      assertEquals(0, setLog(link.front(), log));
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 4096));
      assertEquals(List.of(), takePages(log), "the twin: without the feature, nothing is marked");
      assertEquals(0, setLogging(link.front(), true));
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA + 512, 8192));
      List<Long> pages = takePages(log);
      List<Long> rings = pages.stream().filter(page -> page < DATA).toList();
      assertEquals(List.of(DATA, DATA + 4096, DATA + 8192), pages.stream().filter(page -> page >= DATA).toList());
      assertTrue(rings.contains(queue.used & -4096L), () -> rings + " without the used ring");
      assertTrue(rings.contains(queue.header(0) + 16 & -4096L), () -> rings + " without the status");
      assertEquals(0, queue.request(DriverQueue.OUT, 0, DATA, 8192));
      assertEquals(rings, takePages(log), "a request that only reads memory marks its status and the ring");
      assertEquals(0, setLogging(link.front(), false));
      takePages(log);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 4096));
      assertEquals(List.of(), takePages(log));
    }
  }

  /** As a migration does: copies what is marked, while requests go on; then stops the ring and copies the rest. */
  @Test
  void aCopyOfMarkedPagesIsTheMemoryInTheEnd() throws Exception {
    try (BackEnd backEnd = disk("epoch");
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(RAM, 4 << 20);
        GuestRam log = new GuestRam(0, 4096);
        GuestRam copy = new GuestRam(RAM, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, RINGS, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      setLog(link.front(), log);
      setLogging(link.front(), true);
      copy.all().copyFrom(ram.all());
      RandomGenerator random = RandomGeneratorFactory.getDefault().create(8);
      for (int i = 0; i < 200; i++) {
        int sectors = random.nextInt(1, 64);
        long data = DATA + 512L * random.nextInt(2000);
        assertEquals(0, queue.request(DriverQueue.IN, random.nextInt(1900), data, 512 * sectors));
        if (i % 10 == 0) {
          takePages(log).forEach(page -> copyPage(page, ram, copy));
        }
      }
      link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
      takePages(log).forEach(page -> copyPage(page, ram, copy));
      assertEquals(-1, ram.at(DATA, 2 << 20).mismatch(copy.at(DATA, 2 << 20)));
      assertEquals(queue.usedIndex() & 0xff, copy.at(queue.used + 2, 1).get(JAVA_BYTE, 0) & 0xff);
    }
  }

  @Test
  void aMigrationUnderLoadOfPackedQueuesLosesNoPage() throws Exception {
    migrate(disk("epoch", 2), FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX | FrontEnd.PACKED);
  }

  /** A slow disk has requests served by helpers, and by both queues at once; on a busy machine, not in every run. */
  @Test
  void aMigrationUnderLoadOfASlowDiskLosesNoPage() throws Exception {
    int most = 0;
    for (int run = 0; most <= 2 && run < MOST_RUNS; run++) {
      SlowDevice device = new SlowDevice(new BlockDevice(image(), false, 2));
      migrate(new BackEnd("epoch", device), FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX);
      most = device.mostInside();
    }
    assertTrue(most > 2, most + " requests at once, of two queues");
  }

  /**
   * Two queues under load while logging begins, the log is replaced, and marked pages are copied; the twin that copies
   * no marked page in the end is found out.
   */
  @ParameterizedTest
  @EachFlavour
  void aMigrationUnderLoadLosesNoPage(String flavour) throws Exception {
    migrate(disk(flavour, 2), FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX);
  }

  private static void migrate(BackEnd closed, long features) throws Exception {
    int twins = 0;
    try (BackEnd backEnd = closed;
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(RAM, 4 << 20);
        GuestRam first = new GuestRam(0, 4096);
        GuestRam second = new GuestRam(0, 8192);
        GuestRam copy = new GuestRam(RAM, 4 << 20);
        DriverQueue left = DriverQueue.of(ram, RINGS, 0, 128, features);
        DriverQueue right = DriverQueue.of(ram, RINGS + (1 << 19), 1, 128, features)) {
      link.front().negotiate(features);
      link.front().setTable(ram);
      for (int round = 0; round < ROUNDS; round++) {
        left.start(link.front(), false);
        right.start(link.front(), false);
        AtomicBoolean ends = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> guests = List.of(load(left, DATA, ends, failure), load(right, DATA + (1 << 20), ends, failure));
        assertEquals(0, setLog(link.front(), first));
        assertEquals(0, setLogging(link.front(), true, features));
        copy.all().copyFrom(ram.all());
        for (int i = 0; i < 20; i++) {
          takePages(first).forEach(page -> copyPage(page, ram, copy));
          Thread.sleep(1);
        }
        assertEquals(0, setLog(link.front(), second));
        takePages(first).forEach(page -> copyPage(page, ram, copy));
        for (int i = 0; i < 20; i++) {
          takePages(second).forEach(page -> copyPage(page, ram, copy));
        }
        awaitRequests(backEnd, 50);
        ends.set(true);
        for (Thread guest : guests) {
          guest.join();
        }
        assertEquals(null, failure.get());
        link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
        link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(1, 0));
        twins += ram.at(DATA, 2 << 20).mismatch(copy.at(DATA, 2 << 20)) == -1 ? 0 : 1;
        takePages(second).forEach(page -> copyPage(page, ram, copy));
        assertEquals(-1, ram.at(DATA, 2 << 20).mismatch(copy.at(DATA, 2 << 20)));
        for (DriverQueue queue : (features & FrontEnd.PACKED) != 0 ? List.<DriverQueue>of() : List.of(left, right)) {
          assertEquals(-1, ram.at(queue.used, 1030).mismatch(copy.at(queue.used, 1030)));
        }
        assertEquals(0, setLogging(link.front(), false, features));
      }
    }
    assertTrue(twins > 0, "a copy without the last marks was right each time");
  }

  /** Pages are written after the last look at the marks. */
  private static void awaitRequests(BackEnd backEnd, int count) throws InterruptedException {
    long enough = backEnd.counters.requests() + count;
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (backEnd.counters.requests() < enough && System.nanoTime() - deadline < 0) {
      Thread.sleep(1);
    }
  }

  private static Thread load(DriverQueue queue, long data, AtomicBoolean ends, AtomicReference<Throwable> failure) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(data);
    return Thread.ofPlatform().start(() -> {
      try {
        while (!ends.get()) {
          for (int slot = 0; slot < DEPTH; slot++) {
            int sectors = random.nextInt(32, 63);
            long at = data + 512L * random.nextInt(1900);
            queue.prepare(slot, DriverQueue.IN, random.nextInt(1900), at, 512 * sectors);
            queue.submit(queue.head(slot));
          }
          queue.kick();
          for (int i = 0; i < DEPTH; i++) {
            int slot = queue.await();
            assertEquals(0, slot < 0 ? -2 : queue.status(slot));
          }
        }
      } catch (Throwable e) {
        failure.set(e);
      }
    });
  }

  private static void copyPage(long page, GuestRam from, GuestRam to) {
    to.at(page, 4096).copyFrom(from.at(page, 4096));
  }

  @Test
  void aLogThatIsReplacedIsLeftAloneFromThenOn() throws Exception {
    try (BackEnd backEnd = disk("epoch");
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(RAM, 4 << 20);
        GuestRam first = new GuestRam(0, 4096);
        GuestRam second = new GuestRam(0, 8192);
        DriverQueue queue = new DriverQueue(ram, RINGS, 0, 128, 0)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      setLog(link.front(), first);
      setLogging(link.front(), true);
      for (int i = 0; i < 50; i++) {
        GuestRam next = i % 2 == 0 ? second : first;
        GuestRam before = i % 2 == 0 ? first : second;
        assertEquals(0, setLog(link.front(), next));
        before.all().fill((byte) 0);
        assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 4096));
        assertEquals(List.of(), takePages(before));
        assertTrue(takePages(next).contains(DATA));
      }
    }
  }

  @Test
  void aLogWithoutBitsForSomeMemoryIsRefused() throws Exception {
    try (BackEnd backEnd = disk("epoch");
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(RAM, 4 << 20);
        GuestRam far = new GuestRam(1L << 30, 4096);
        GuestRam enough = new GuestRam(0, 4096);
        GuestRam small = new GuestRam(0, 600)) {
      link.front().negotiate(0);
      link.front().setTable(ram);
      assertEquals(0, setLog(link.front(), small));
      assertNotEquals(0, setLogging(link.front(), true));
      assertEquals(0, setLog(link.front(), enough));
      assertEquals(0, setLogging(link.front(), true));
      assertNotEquals(0, setLog(link.front(), small));
      assertNotEquals(0, link.front().acknowledged(Request.ADD_MEM_REG, FrontEnd.region(far), far.file()));
      assertEquals(0, setLogging(link.front(), false));
      assertEquals(0, link.front().acknowledged(Request.ADD_MEM_REG, FrontEnd.region(far), far.file()));
      assertNotEquals(0, setLogging(link.front(), true));
    }
  }
}
