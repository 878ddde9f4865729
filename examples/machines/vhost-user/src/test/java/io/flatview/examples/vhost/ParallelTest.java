package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.device.DmaPort;
import io.flatview.examples.vhost.front.BackEnd;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.examples.virtio.VirtioRequest;
import io.flatview.rcu.contract.Await;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several requests of one queue are with the device at once, and none is lost when the queue ends. */
class ParallelTest {

  private static final int SIZE = 128;
  private static final long DATA = 1 << 20;
  private static final int BYTES = 1 << 20;

  /** Serves requests when the test says so. */
  private static final class Gate implements VirtioDevice {

    private final int most;
    private final Semaphore entered = new Semaphore(0);
    private final Set<Integer> fails = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Integer, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();
    private final Set<Integer> served = ConcurrentHashMap.newKeySet();

    Gate(int most) {
      this.most = most;
    }

    @Override
    public int id() {
      return 2;
    }

    @Override
    public long features() {
      return 0;
    }

    @Override
    public int mostAtOnce() {
      return most;
    }

    @Override
    public byte configuration(int offset) {
      return 0;
    }

    private CountDownLatch gate(int head) {
      return gates.computeIfAbsent(head, _ -> new CountDownLatch(1));
    }

    void open(int head) {
      gate(head).countDown();
    }

    void awaitEntered(int count) throws InterruptedException {
      assertTrue(entered.tryAcquire(count, 30, TimeUnit.SECONDS), () -> entered.availablePermits() + " entered");
    }

    @Override
    public void serve(VirtioRequest request, long features, DmaPort port) {
      mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
      entered.release();
      boolean opened = port.await(() -> await(gate(request.head())));
      inside.decrementAndGet();
      if (!opened || fails.contains(request.head())) {
        throw new IllegalStateException("the device fails");
      }
      served.add(request.head());
    }

    private static boolean await(CountDownLatch gate) {
      try {
        return gate.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        return false;
      }
    }

    @Override
    public void close() {}
  }

  /** The queue's thread would serve one by itself that it saw alone, and wait at its gate. */
  private static void submit(DriverQueue queue, int... slots) {
    for (int slot : slots) {
      queue.prepare(slot, DriverQueue.IN, 0, DATA, BYTES);
    }
    queue.submitAtOnce(IntStream.of(slots).map(queue::head).toArray());
    queue.kick();
  }

  @ParameterizedTest
  @ValueSource(longs = {FrontEnd.INDIRECT, FrontEnd.INDIRECT | FrontEnd.PACKED})
  void longRequestsAreServedAtOnceAndReturnedAsTheyAreDone(long features) throws Exception {
    Gate device = new Gate(4);
    try (BackEnd backEnd = new BackEnd("epoch", device);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, 0, 0, SIZE, features)) {
      link.front().negotiate(features);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      submit(queue, 0, 1, 2, 3, 4);
      device.awaitEntered(4);
      for (int slot : new int[] {2, 0, 3, 1, 4}) {
        device.open(slot);
        assertEquals(slot, queue.await());
      }
      assertEquals(4, device.mostInside.get());
    }
  }

  @Test
  void aDeviceThatServesOneAtATimeHasThemInOrder() throws Exception {
    Gate device = new Gate(1);
    try (BackEnd backEnd = new BackEnd("epoch", device);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, SIZE, FrontEnd.INDIRECT)) {
      link.front().negotiate(FrontEnd.INDIRECT);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      submit(queue, 3, 2, 1, 0);
      for (int slot : new int[] {0, 1, 2, 3}) {
        device.open(slot);
      }
      for (int slot : new int[] {3, 2, 1, 0}) {
        assertEquals(slot, queue.await());
      }
      assertEquals(1, device.mostInside.get());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {FrontEnd.INDIRECT, FrontEnd.INDIRECT | FrontEnd.PACKED})
  void aStopWaitsForAllThatTheDeviceHas(long features) throws Exception {
    Gate device = new Gate(4);
    try (BackEnd backEnd = new BackEnd("qsbr", device);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, 0, 0, SIZE, features)) {
      link.front().negotiate(features);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      submit(queue, 0, 1, 2);
      device.awaitEntered(3);
      link.front().send(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
      device.open(2);
      device.open(0);
      Thread.sleep(50);
      assertFalse(device.served.contains(1));
      device.open(1);
      int base = link.front().reply(Request.GET_VRING_BASE).getInt(4);
      assertEquals(3, queue.usedIndex());
      for (int i = 0; i < 3; i++) {
        assertNotEquals(-1, queue.take());
      }
      assertEquals(queue.base(), base);
    }
  }

  private static ByteBuffer account(long bytes) {
    return FrontEnd.bytes(24).putLong(0, bytes).putShort(16, (short) 1).putShort(18, (short) SIZE);
  }

  private static void begin(FrontEnd front, long features, GuestRam ram, Descriptor account, long bytes)
      throws Exception {
    front.negotiate(features);
    front.setTable(ram);
    assertEquals(0, front.acknowledged(Request.SET_INFLIGHT_FD, account(bytes), account));
  }

  /** Of six requests, numbers 1 and 3 are returned and number 2 fails, in helpers; the next back end has the rest. */
  @ParameterizedTest
  @ValueSource(longs = {FrontEnd.INDIRECT, FrontEnd.INDIRECT | FrontEnd.PACKED})
  void whatAFailingDeviceHasNotServedIsServedByTheNextAndNothingTwice(long features) throws Exception {
    Gate first = new Gate(4);
    Gate second = new Gate(4);
    first.fails.add(2);
    try (GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, 0, 0, SIZE, features);
        BackEnd dying = new BackEnd("epoch", first);
        BackEnd next = new BackEnd("refcount", second)) {
      Descriptor account;
      long bytes;
      try (BackEnd.Link link = dying.connect()) {
        link.front().negotiate(features);
        bytes = link.front().ask(Request.GET_INFLIGHT_FD, account(0)).getLong(0);
        account = link.front().takeDescriptor();
        begin(link.front(), features, ram, account, bytes);
        queue.start(link.front(), false);
        submit(queue, 0, 1, 2, 3, 4, 5);
        first.awaitEntered(4);
        first.open(1);
        first.open(3);
        Set<Integer> returned = new TreeSet<>(List.of(queue.await(), queue.await()));
        assertEquals(Set.of(1, 3), returned);
        first.open(2);
        first.fails.addAll(List.of(0, 4, 5));
        first.open(0);
        first.open(4);
        first.open(5);
        assertTrue(queue.awaitBroken());
      }
      assertEquals(Set.of(1, 3), first.served);
      try (account; BackEnd.Link link = next.connect()) {
        begin(link.front(), features, ram, account, bytes);
        List.of(0, 2, 4, 5).forEach(second::open);
        queue.start(link.front(), false);
        Set<Integer> returned = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
          returned.add(queue.await());
        }
        assertEquals(Set.of(0, 2, 4, 5), returned);
        assertEquals(queue.base(), link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0)).getInt(4));
      }
      assertEquals(Set.of(0, 2, 4, 5), second.served);
      assertEquals(6, queue.usedIndex());
    }
  }

  /** Of the third request, the queue's thread cannot tell whose return it would be. */
  @Test
  void aNumberThatIsInFlightBreaksAPackedRing() throws Exception {
    Gate device = new Gate(4);
    try (BackEnd backEnd = new BackEnd("epoch", device);
        BackEnd.Link link = backEnd.connect();
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, 0, 0, SIZE, FrontEnd.INDIRECT | FrontEnd.PACKED)) {
      link.front().negotiate(FrontEnd.INDIRECT | FrontEnd.PACKED);
      link.front().setTable(ram);
      queue.start(link.front(), false);
      submit(queue, 0, 1, 0);
      device.awaitEntered(2);
      Await.until("the ring is broken but for what the device has", ParallelTest::isPuttingBack);
      device.open(0);
      device.open(1);
      assertTrue(queue.awaitBroken());
      assertEquals(Set.of(0, 1), device.served);
      assertEquals(2, queue.usedIndex());
    }
  }

  private static boolean isPuttingBack() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream).anyMatch(frame -> frame.getMethodName().equals("putBack"));
  }

  /** More than may be in flight, and a session that ends in the middle. */
  @Test
  void aSessionThatEndsWaitsForItsHelpers() throws Exception {
    Gate device = new Gate(4);
    int[] all = IntStream.range(0, 100).toArray();
    try (BackEnd backEnd = new BackEnd("qsbr", device);
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, SIZE, FrontEnd.INDIRECT)) {
      try (BackEnd.Link link = backEnd.connect()) {
        link.front().negotiate(FrontEnd.INDIRECT);
        link.front().setTable(ram);
        queue.start(link.front(), false);
        submit(queue, all);
        device.awaitEntered(4);
        IntStream.of(all).forEach(device::open);
        assertNotEquals(-1, queue.await());
      }
      assertEquals(device.served.size(), queue.usedIndex());
      assertEquals(0, device.inside.get());
    }
  }
}
