package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A back end that fails with requests in flight, and one that goes on with its account. */
class RestartTest {

  private static final int SIZE = 128;

  /** More than a lap of a packed ring, with three descriptors each. */
  private static final int ROUNDS = 50;

  private static final long DATA = 1 << 20;

  /** Serves as many requests as it may, then fails. */
  private static final class Mortal implements VirtioDevice {

    private final int most;
    private final List<Integer> served = new CopyOnWriteArrayList<>();

    Mortal(int most) {
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
    public byte configuration(int offset) {
      return 0;
    }

    @Override
    public void serve(VirtioRequest request, long features, DmaPort port) {
      if (served.size() == most) {
        throw new IllegalStateException("the device fails");
      }
      served.add(request.head());
    }

    @Override
    public void close() {}
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

  @ParameterizedTest
  @ValueSource(longs = {0, FrontEnd.INDIRECT, FrontEnd.PACKED, FrontEnd.PACKED | FrontEnd.INDIRECT})
  void requestsThatWereTakenAreServedOnceMoreByTheNextBackEndAndOthersNotTwice(long features) throws Exception {
    Mortal first = new Mortal(2);
    Mortal second = new Mortal(Integer.MAX_VALUE);
    try (GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, 0, 0, SIZE, features);
        BackEnd dying = new BackEnd("epoch", first);
        BackEnd next = new BackEnd("epoch", second)) {
      for (int slot = 0; slot < 5; slot++) {
        queue.prepare(slot, DriverQueue.IN, 0, DATA, 512);
        queue.submit(queue.head(slot));
      }
      Descriptor account;
      long bytes;
      try (BackEnd.Link link = dying.connect()) {
        link.front().negotiate(features);
        ByteBuffer answer = link.front().ask(Request.GET_INFLIGHT_FD, account(0));
        account = link.front().takeDescriptor();
        bytes = answer.getLong(0);
        begin(link.front(), features, ram, account, bytes);
        queue.start(link.front(), false);
        assertTrue(queue.awaitBroken());
      }
      assertEquals(List.of(queue.head(0), queue.head(1)), first.served);
      assertEquals(2, queue.usedIndex());
      queue.take();
      queue.take();
      try (account; BackEnd.Link link = next.connect()) {
        begin(link.front(), features, ram, account, bytes);
        queue.start(link.front(), false);
        for (int i = 0; i < 3; i++) {
          assertNotEquals(-1, queue.await());
        }
        link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
      }
      assertEquals(List.of(queue.head(2), queue.head(3), queue.head(4)), second.served);
      assertEquals(5, queue.usedIndex());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, FrontEnd.PACKED})
  void aQueueThatIsStoppedTellsWhereTheNextBegins(long features) throws Exception {
    Mortal device = new Mortal(Integer.MAX_VALUE);
    try (GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = DriverQueue.of(ram, 0, 0, SIZE, features);
        BackEnd backEnd = new BackEnd("qsbr", device)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (BackEnd.Link link = backEnd.connect()) {
          link.front().negotiate(features);
          link.front().setTable(ram);
          queue.start(link.front(), false);
          queue.prepare(1, DriverQueue.IN, 0, DATA, 512);
          queue.submit(queue.head(1));
          queue.kick();
          assertEquals(1, queue.await());
          ByteBuffer base = link.front().ask(Request.GET_VRING_BASE, FrontEnd.state(0, 0));
          assertEquals(queue.base(), base.getInt(4));
        }
      }
      assertEquals(ROUNDS, device.served.size());
    }
  }
}
