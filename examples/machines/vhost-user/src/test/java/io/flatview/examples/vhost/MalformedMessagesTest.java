package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.host.FullEvent;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.rcu.contract.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A front end's mistakes: refused where it asks how it went, and otherwise the end of the session; nothing changes,
 * nothing is left open, and the next session is served.
 */
class MalformedMessagesTest {

  private static final int FUZZ_SESSIONS = Boolean.getBoolean("flatview.long") ? 20_000 : 60;
  private static final long DATA = 1 << 20;

  @TempDir
  private Path folder;

  private BackEnd backEnd;
  private long descriptorsBefore;

  @BeforeEach
  void openADisk() throws IOException {
    Path disk = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
    backEnd = BackEnd.disk("epoch", disk, 2);
    try (BackEnd.Link link = backEnd.connect()) {
      link.front().negotiate(0);
    }
    descriptorsBefore = BackEnd.descriptors();
  }

  /** What a session had is closed when its grace period has ended. */
  @AfterEach
  void nothingIsLeftOpen() {
    Await.until("no more descriptors are open than before", () -> BackEnd.descriptors() <= descriptorsBefore);
    Await.until("no memory is mapped", () -> BackEnd.mappings() == 0);
    backEnd.close();
  }

  /** A message that is to be refused: its payload, and the descriptors that come with it. */
  private record Mistake(String name, Request request, ByteBuffer payload, Opening files) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Makes descriptors for a message. */
  private interface Opening {
    List<AutoCloseable> open(List<Descriptor> descriptors) throws IOException;
  }

  private static final Opening NONE = _ -> List.of();

  private static final Opening EVENT = descriptors -> {
    Event event = Event.create();
    descriptors.add(event.descriptor());
    return List.of(event);
  };

  private static final Opening MEMORY = memory(1 << 20);

  private static Opening memory(long... sizes) {
    return descriptors -> {
      List<AutoCloseable> opened = new ArrayList<>();
      for (long size : sizes) {
        Descriptor file = Descriptor.memoryFile("memory", size);
        descriptors.add(file);
        opened.add(file);
      }
      return opened;
    };
  }

  private static ByteBuffer region(long guest, long bytes, long frontEnd, long offset) {
    return FrontEnd.bytes(40).putLong(8, guest).putLong(16, bytes).putLong(24, frontEnd).putLong(32, offset);
  }

  private static ByteBuffer table(int count, long... numbers) {
    ByteBuffer payload = FrontEnd.bytes(8 + 8 * numbers.length).putInt(count).putInt(0);
    for (long number : numbers) {
      payload.putLong(number);
    }
    return payload.flip();
  }

  private static ByteBuffer inFlight(long bytes, long offset, int queues, int size) {
    return FrontEnd.bytes(24).putLong(0, bytes).putLong(8, offset)
        .putShort(16, (short) queues).putShort(18, (short) size);
  }

  private static ByteBuffer log(long bytes, long offset) {
    return FrontEnd.bytes(16).putLong(0, bytes).putLong(8, offset);
  }

  static Stream<Mistake> mistakes() {
    long mib = 1 << 20;
    return Stream.of(
        new Mistake("features that were not offered", Request.SET_FEATURES, FrontEnd.u64(1L << 55), NONE),
        new Mistake("protocol features that were not offered",
            Request.SET_PROTOCOL_FEATURES, FrontEnd.u64(1L << 40 | FrontEnd.REPLY_ACK), NONE),
        new Mistake("a logged device without a log", Request.SET_FEATURES,
            FrontEnd.u64(FrontEnd.LOG_ALL | FrontEnd.PROTOCOL_FEATURES), NONE),
        new Mistake("a table of too many", Request.SET_MEM_TABLE, table(9, new long[32]), MEMORY),
        new Mistake("a table of -1", Request.SET_MEM_TABLE, table(-1), NONE),
        new Mistake("a table without descriptors", Request.SET_MEM_TABLE, table(1, 0, mib, mib, 0), NONE),
        new Mistake("a table with one descriptor more", Request.SET_MEM_TABLE,
            table(1, 0, mib, mib, 0), memory(mib, mib)),
        new Mistake("a table of pieces that overlap for the guest", Request.SET_MEM_TABLE,
            table(2, 0, mib, 0, 0, mib - 1, mib, mib << 8, 0), memory(mib, mib)),
        new Mistake("a table of pieces that overlap for the front end", Request.SET_MEM_TABLE,
            table(2, 0, mib, mib << 8, 0, mib, mib, (mib << 8) - 1, 0), memory(mib, mib)),
        new Mistake("a table whose second cannot be mapped", Request.SET_MEM_TABLE,
            table(2, 0, mib, mib << 8, 0, mib, mib, mib << 9, 0), memory(mib, mib - 1)),
        new Mistake("no memory", Request.ADD_MEM_REG, region(0, 0, 0, 0), MEMORY),
        new Mistake("memory beyond the last address", Request.ADD_MEM_REG, region(-4096, 8192, 0, 0), MEMORY),
        new Mistake("memory beyond the front end's", Request.ADD_MEM_REG, region(0, 8192, -4096, 0), MEMORY),
        new Mistake("memory of all addresses", Request.ADD_MEM_REG, region(0, -1, 0, 0), MEMORY),
        new Mistake("memory without a descriptor", Request.ADD_MEM_REG, region(0, mib, 0, 0), NONE),
        new Mistake("memory behind the end of its file", Request.ADD_MEM_REG, region(0, mib, 0, 4096), MEMORY),
        new Mistake("memory far behind its file", Request.ADD_MEM_REG, region(0, 4096, 0, -4096), MEMORY),
        new Mistake("memory that is an event", Request.ADD_MEM_REG, region(0, 4096, 0, 0), EVENT),
        new Mistake("memory over the guest's rings", Request.ADD_MEM_REG, region(4096, mib, 0, 0), MEMORY),
        new Mistake("memory to remove that is not there", Request.REM_MEM_REG, region(mib << 4, mib, 0, 0), NONE),
        new Mistake("memory to remove that is larger", Request.REM_MEM_REG,
            region(0, 8 * mib, GuestRam.FRONT_END, 0), NONE),
        new Mistake("ring 2 of 2", Request.SET_VRING_NUM, FrontEnd.state(2, 128), NONE),
        new Mistake("ring -1", Request.SET_VRING_NUM, FrontEnd.state(-1, 128), NONE),
        new Mistake("a ring of 0", Request.SET_VRING_NUM, FrontEnd.state(1, 0), NONE),
        new Mistake("a ring of 100", Request.SET_VRING_NUM, FrontEnd.state(1, 100), NONE),
        new Mistake("a ring of 65536", Request.SET_VRING_NUM, FrontEnd.state(1, 65536), NONE),
        new Mistake("a ring without a size", Request.SET_VRING_ADDR, FrontEnd.addresses(1, 0, 0, 0), NONE),
        new Mistake("a ring at odd addresses", Request.SET_VRING_ADDR, FrontEnd.addresses(0, 8, 0, 0), NONE),
        new Mistake("a ring beyond the last address", Request.SET_VRING_ADDR,
            FrontEnd.addresses(0, -16, 0, 0), NONE),
        new Mistake("a ring enabled by 2", Request.SET_VRING_ENABLE, FrontEnd.state(0, 2), NONE),
        new Mistake("a kick without a descriptor", Request.SET_VRING_KICK, FrontEnd.u64(0), NONE),
        new Mistake("a kick that is memory", Request.SET_VRING_KICK, FrontEnd.u64(0), MEMORY),
        new Mistake("a call that is memory", Request.SET_VRING_CALL, FrontEnd.u64(0), MEMORY),
        new Mistake("a call of ring 200", Request.SET_VRING_CALL, FrontEnd.u64(200), EVENT),
        new Mistake("a log that is too short", Request.SET_LOG_BASE, log(mib, 4096), MEMORY),
        new Mistake("a log without a descriptor", Request.SET_LOG_BASE, log(mib, 0), NONE),
        new Mistake("a log that is an event", Request.SET_LOG_BASE, log(4096, 0), EVENT),
        new Mistake("a new configuration", Request.SET_CONFIG, FrontEnd.bytes(16).putInt(4, 4), NONE),
        new Mistake("an IOTLB message of type 9", Request.IOTLB_MSG,
            FrontEnd.bytes(32).putLong(8, 4096).put(25, (byte) 9), NONE),
        new Mistake("an IOTLB message beyond the last address", Request.IOTLB_MSG,
            FrontEnd.bytes(32).putLong(0, -4096).putLong(8, 8192).put(25, (byte) 2), NONE),
        new Mistake("an account for 3 queues of 2", Request.SET_INFLIGHT_FD, inFlight(4096, 0, 3, 128), MEMORY),
        new Mistake("an account of another length", Request.SET_INFLIGHT_FD, inFlight(4096, 0, 2, 128), MEMORY),
        new Mistake("an account far behind its file", Request.SET_INFLIGHT_FD,
            inFlight(2 * 2112, -4096, 2, 128), MEMORY),
        new Mistake("an account that is an event", Request.SET_INFLIGHT_FD, inFlight(2 * 2112, 0, 2, 128), EVENT),
        new Mistake("an account without one", Request.SET_INFLIGHT_FD, inFlight(2 * 2112, 0, 2, 128), NONE));
  }

  private void inASession(Check check) throws Exception {
    try (BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, 0)) {
      link.front().negotiate(0);
      assertEquals(0, link.front().setTable(ram));
      queue.start(link.front(), false);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
      check.run(link.front(), queue);
    }
  }

  /** What is done in a session with a ring that works. */
  private interface Check {
    void run(FrontEnd front, DriverQueue queue) throws Exception;
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsRefusedAndChangesNothing(Mistake mistake) throws Exception {
    inASession((front, queue) -> {
      assertNotEquals(0, send(front, mistake, true));
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    });
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeEndsASessionThatDoesNotAsk(Mistake mistake) throws Exception {
    inASession((front, _) -> {
      send(front, mistake, false);
      assertTrue(front.isClosed());
    });
  }

  private static long send(FrontEnd front, Mistake mistake, boolean asked) throws Exception {
    List<Descriptor> descriptors = new ArrayList<>();
    List<AutoCloseable> opened = mistake.files.open(descriptors);
    try {
      Descriptor[] files = descriptors.toArray(Descriptor[]::new);
      ByteBuffer payload = mistake.payload.duplicate().order(mistake.payload.order());
      if (asked) {
        return front.acknowledged(mistake.request, payload, files);
      }
      front.send(mistake.request, payload, files);
      return 0;
    } finally {
      for (AutoCloseable each : opened) {
        each.close();
      }
    }
  }

  @Test
  void anAccountThatCannotBeHadEndsTheSession() throws Exception {
    inASession((front, _) -> {
      front.send(Request.GET_INFLIGHT_FD, inFlight(0, 0, 2, 100));
      assertTrue(front.isClosed());
    });
  }

  @Test
  void whatIsNoMessageEndsTheSession() throws Exception {
    int[][] headers = {
      {1, 0, 0}, {1, 2, 0}, {1, 5, 0}, {0, 1, 0}, {99, 1, 0}, {-1, 1, 0}, {1, 1, -1}, {1, 1, 1 << 20}, {2, 1, 4},
      {1, 1, 8}, {12, 1, 16}
    };
    for (int[] header : headers) {
      inASession((front, _) -> {
        front.sendRaw(header[0], header[1], header[2], FrontEnd.bytes(Math.clamp(header[2], 0, 64)));
        assertTrue(front.isClosed(), () -> List.of(header[0], header[1], header[2]).toString());
      });
    }
  }

  @Test
  void aMessageThatEndsEarlyEndsTheSession() throws Exception {
    inASession((front, _) -> front.sendRaw(Request.SET_MEM_TABLE.number(), 1, 40, FrontEnd.bytes(39)));
  }

  @Test
  void moreDescriptorsThanAMessageHasAreClosed() throws Exception {
    inASession((front, _) -> {
      try (Event event = Event.create()) {
        Descriptor[] many = IntStream.range(0, 60).mapToObj(_ -> event.descriptor()).toArray(Descriptor[]::new);
        front.sendRaw(Request.SET_VRING_KICK.number(), 1, 8, FrontEnd.u64(0), many);
        assertTrue(front.isClosed());
      }
    });
    inASession((front, _) -> {
      try (Event event = Event.create()) {
        front.sendRaw(Request.SET_VRING_KICK.number(), 1, 8, FrontEnd.u64(0), event.descriptor(), event.descriptor());
        assertTrue(front.isClosed());
      }
    });
  }

  @Test
  void anEventThatIsFullDoesNotHoldUpTheQueue() throws Exception {
    inASession((_, queue) -> {
      FullEvent.fill(queue.call);
      assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512));
    });
  }

  /** Messages of any kind with any payload and descriptors: no session hurts the next. */
  @Test
  void noMessagesHurtTheNextSession() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
    for (int i = 0; i < FUZZ_SESSIONS; i++) {
      try (BackEnd.Link link = backEnd.connect();
          GuestRam ram = new GuestRam(0, 1 << 20);
          Event event = Event.create()) {
        link.front().negotiate(0);
        mistreat(link.front(), ram, event, random);
      }
    }
    inASession((_, queue) -> assertEquals(0, queue.request(DriverQueue.IN, 0, DATA, 512)));
  }

  private static void mistreat(FrontEnd front, GuestRam ram, Event event, RandomGenerator random) {
    try {
      for (int i = 0; i < 40; i++) {
        Request request = Request.values()[random.nextInt(Request.values().length)];
        int size = random.nextInt(4) == 0 ? random.nextInt(64) : List.of(0, 8, 16, 24, 32, 40).get(random.nextInt(6));
        ByteBuffer payload = FrontEnd.bytes(size);
        while (payload.remaining() >= 8) {
          payload.putLong(random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(4096) & -random.nextInt(32));
        }
        Descriptor[] files = switch (random.nextInt(3)) {
          case 0 -> new Descriptor[] {ram.file()};
          case 1 -> new Descriptor[] {event.descriptor()};
          default -> new Descriptor[] {};
        };
        front.sendRaw(request.number(), 9, size, payload.flip().limit(size), files);
      }
    } catch (IOException _) {
      // The session has ended.
    }
  }
}
