package io.flatview.examples.vhost;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.front.SlowDevice;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.EachFlavour;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Behind an IOMMU: what is missing is asked for, and what is invalidated is not used again. */
class IotlbTest {

  private static final long PAGE = 4096;
  private static final long VIRTUAL = 0xfff0_0000_0000L;
  private static final int ROUNDS = Boolean.getBoolean("flatview.long") ? 20_000 : 200;

  @TempDir
  private Path folder;

  /** Addresses that one answer grants. */
  private record Block(long address, long guest, long bytes) {

    boolean contains(long other) {
      return other - address >= 0 && other - address < bytes;
    }
  }

  /** The front end's IOMMU: blocks of I/O virtual addresses, and where they lead for the guest. */
  private static final class Iommu implements AutoCloseable {

    private final FrontEnd front;
    private final UnixSocket asked;
    private final NavigableMap<Long, Block> blocks = new TreeMap<>();
    private final Queue<Long> misses = new ConcurrentLinkedQueue<>();
    private final Thread thread;

    Iommu(FrontEnd front) throws IOException {
      this.front = front;
      List<UnixSocket> pair = UnixSocket.pair();
      try (UnixSocket given = pair.get(1)) {
        asked = pair.get(0);
        assertEquals(0, front.acknowledged(Request.SET_BACKEND_REQ_FD, FrontEnd.bytes(0), given.descriptor()));
      }
      thread = Thread.ofPlatform().start(this::answerAll);
    }

    private void answerAll() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment message = arena.allocate(12 + 32, 8);
        while (asked.receive(message, new ArrayList<>())) {
          assertEquals(1, message.get(JAVA_INT, 0));
          long address = message.get(JAVA_LONG_UNALIGNED, 12);
          misses.add(address);
          answer(address);
        }
      } catch (IOException _) {
        // The test is over.
      }
    }

    /**
     * Looks and answers in one step. Forbidden: the back end asks twice, the second answer is looked up, the block is
     * changed and invalidated, and the answer of before arrives after that.
     */
    private void answer(long address) throws IOException {
      synchronized (front) {
        Map.Entry<Long, Block> below = blocks.floorEntry(address);
        if (below != null && below.getValue().contains(address)) {
          tell(below.getValue(), 2);
        }
      }
    }

    private long tell(Block block, int type) throws IOException {
      return front.acknowledged(Request.IOTLB_MSG, FrontEnd.bytes(32).putLong(0, block.address).putLong(8, block.bytes)
          .putLong(16, block.guest + GuestRam.FRONT_END).put(24, (byte) 3).put(25, (byte) type));
    }

    long invalidate(long page) throws IOException {
      synchronized (front) {
        return tell(new Block(page, 0, PAGE), 3);
      }
    }

    /** Maps pages, which are granted one by one. */
    void map(long address, long guest, long bytes) {
      for (long at = 0; at < bytes; at += PAGE) {
        mapBlock(address + at, guest + at, PAGE);
      }
    }

    void mapBlock(long address, long guest, long bytes) {
      synchronized (front) {
        blocks.put(address, new Block(address, guest, bytes));
      }
    }

    @Override
    public void close() {
      asked.shutDown();
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      asked.close();
    }
  }

  private BackEnd disk(String flavour) throws Exception {
    return BackEnd.disk(flavour, image(), 1);
  }

  private Path image() throws Exception {
    return Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
  }

  /** The driver's addresses are the guest's; the rings are mapped one to one, the data elsewhere. */
  @ParameterizedTest
  @EachFlavour
  void aRequestAfterAnInvalidationIsServedWhereItsPagesLeadNow(String flavour) throws Exception {
    try (BackEnd backEnd = disk(flavour);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, FrontEnd.INDIRECT)) {
      link.front().negotiate(FrontEnd.ACCESS_PLATFORM | FrontEnd.INDIRECT);
      link.front().setTable(ram);
      try (Iommu iommu = new Iommu(link.front())) {
        iommu.map(0, 0, 1 << 16);
        iommu.map(VIRTUAL, 1 << 20, 2 * PAGE);
        synchronized (link.front()) {
          queue.start(link.front(), true);
        }
        for (int round = 1; round <= ROUNDS; round++) {
          long guest = (1 << 20) + (round % 16) * 2 * PAGE;
          iommu.map(VIRTUAL, guest, 2 * PAGE);
          assertEquals(0, iommu.invalidate(VIRTUAL));
          assertEquals(0, iommu.invalidate(VIRTUAL + PAGE));
          byte stamp = (byte) (1 + round % 255);
          ram.at(guest, 2 * PAGE).fill(stamp);
          assertEquals(0, queue.request(DriverQueue.OUT, 0, VIRTUAL + 512, (int) PAGE));
          ram.at(guest, 2 * PAGE).fill((byte) 0);
          assertEquals(0, queue.request(DriverQueue.IN, 0, VIRTUAL + 512, (int) PAGE));
          assertEquals(-1, ram.at(guest, 2 * PAGE).mismatch(stamped(stamp)));
        }
        assertTrue(iommu.misses.size() >= 2 * ROUNDS, () -> iommu.misses.size() + " misses");
        assertEquals(0, link(link, 0, -1L, 3), "an invalidation of everything");
        assertEquals(0, link(link, PAGE, -PAGE, 3), "an invalidation of all that lies behind");
        assertEquals(0, link(link, 0, 0, 3), "an invalidation of 2^64 bytes");
        assertEquals(0, queue.request(DriverQueue.IN, 0, VIRTUAL, (int) PAGE));
        synchronized (link.front()) {
          link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
        }
      }
    }
  }

  /** Two pages, with a request's bytes in both. */
  private static MemorySegment stamped(byte stamp) {
    byte[] pages = new byte[2 * (int) PAGE];
    Arrays.fill(pages, 512, 512 + (int) PAGE, stamp);
    return MemorySegment.ofArray(pages);
  }

  private static long link(BackEnd.Link link, long first, long bytes, int type) throws Exception {
    synchronized (link.front()) {
      return link.front().acknowledged(Request.IOTLB_MSG,
          FrontEnd.bytes(32).putLong(0, first).putLong(8, bytes).put(25, (byte) type));
    }
  }

  @Test
  void aSessionEndsWhileARequestWaitsForItsMapping() throws Exception {
    try (BackEnd backEnd = disk("epoch");
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, 0)) {
      BackEnd.Link link = backEnd.connect();
      link.front().negotiate(FrontEnd.ACCESS_PLATFORM);
      link.front().setTable(ram);
      try (link; Iommu iommu = new Iommu(link.front())) {
        iommu.map(0, 0, 1 << 16);
        synchronized (link.front()) {
          queue.start(link.front(), true);
        }
        queue.prepare(0, DriverQueue.IN, 0, VIRTUAL, 512);
        queue.submit(0);
        queue.kick();
        Await.until("the mapping is asked for", () -> iommu.misses.contains(VIRTUAL));
      }
      assertEquals(0, queue.usedIndex());
    }
  }

  /** A mapping is missing for the second of four requests; a helper has it, and others serve those behind it. */
  @Test
  void aStopGivesRequestsBackFromTheOneThatLacksItsMapping() throws Exception {
    try (BackEnd backEnd = new BackEnd("epoch", new SlowDevice(new BlockDevice(image(), false, 1)));
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, FrontEnd.INDIRECT)) {
      link.front().negotiate(FrontEnd.ACCESS_PLATFORM | FrontEnd.INDIRECT);
      link.front().setTable(ram);
      try (Iommu iommu = new Iommu(link.front())) {
        iommu.mapBlock(0, 0, 4 << 20);
        synchronized (link.front()) {
          queue.start(link.front(), true);
        }
        for (int i = 0; i < 50; i++) {
          assertEquals(0, queue.request(DriverQueue.IN, 0, 1 << 20, 4096));
        }
        for (int slot = 0; slot < 4; slot++) {
          queue.prepare(slot, DriverQueue.IN, 0, slot == 1 ? VIRTUAL : (slot + 1L) << 18, 1 << 18);
        }
        queue.submitAtOnce(IntStream.range(0, 4).map(queue::head).toArray());
        queue.kick();
        assertEquals(0, queue.await());
        Await.until("requests 2 and 3 are served", () -> queue.status(2) == 0 && queue.status(3) == 0);
        assertEquals(-1, queue.await(100), "a request is returned before request 1");
        synchronized (link.front()) {
          assertEquals(51, link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0)).getInt(4));
        }
        assertEquals(51, queue.usedIndex());
        iommu.mapBlock(VIRTUAL, 1 << 20, 1 << 18);
        synchronized (link.front()) {
          queue.start(link.front(), true);
        }
        for (int slot = 1; slot < 4; slot++) {
          assertEquals(slot, queue.await());
          assertEquals(0, queue.status(slot));
        }
        synchronized (link.front()) {
          link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
        }
      }
    }
  }

  @Test
  void aMissThatCannotBeAskedForBreaksTheRing() throws Exception {
    try (BackEnd backEnd = disk("epoch");
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, 0)) {
      link.front().negotiate(FrontEnd.ACCESS_PLATFORM);
      link.front().setTable(ram);
      queue.start(link.front(), true);
      assertTrue(queue.awaitBroken());
    }
  }
}
