package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A guest moves a BAR: a device changes the map from its callback. */
@ParameterizedClass
@MethodSource("policies")
@Timeout(180)
class BarMoveTest extends OnAPolicy {

  BarMoveTest(Supplier<ReclaimPolicy> policy) {
    super(policy.get());
  }

  private static final int ROUNDS = 3_000;
  private static final long CONFIG = 0x100_0000;

  /** A store puts the BAR where it says; a load tells where the BAR is. All under the device's lock. */
  private final class Config implements MmioDevice {

    private final MmioRules rules;
    private final MemoryRegion bar;
    private CommitTicket ticket;

    Config(String name, MemoryRegion bar) {
      this.bar = bar;
      this.rules = MmioRules.DEFAULT.withGuard(new DeviceGuard(name, Locking.DEVICE, Reentrancy.REJECT));
    }

    @Override
    public MmioRules rules() {
      return rules;
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      return bar.address();
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      ticket = memory.update(change -> change.setAddress(bar, value));
    }
  }

  private Config config(int number) {
    MemoryRegion.Mmio bar = memory.mmio("bar" + number, Size.kib(4), new Registers().reading(number));
    Config config = new Config("function" + number, bar);
    memory.update(tx -> tx
        .addSubregion(system, 0x1_0000L * (number + 1), bar)
        .addSubregion(system, CONFIG + 0x1000L * number, memory.mmio("config" + number, Size.kib(4), config)));
    return config;
  }

  /** Runs something in its callback, under its lock, once another thread has the map's lock and waits for this one. */
  private final class Crossing implements MmioDevice {

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final DeviceGuard guard = new DeviceGuard("crossing", Locking.DEVICE, Reentrancy.REJECT);
    private final Runnable callback;

    Crossing(Runnable callback) {
      this.callback = callback;
    }

    @Override
    public MmioRules rules() {
      return MmioRules.DEFAULT.withGuard(guard);
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      return 1;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      entered.countDown();
      await(waiting);
      callback.run();
    }

    private static void await(CountDownLatch latch) {
      try {
        assertTrue(latch.await(60, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /**
   * One hart is in the device's callback and holds its lock. Another commits, holds the map's lock, and its listener
   * loads from the device. Forbidden: the callback waits for the map's lock, and so for ever.
   */
  private void cross(Runnable callback) throws InterruptedException {
    Crossing device = new Crossing(callback);
    MemoryRegion.Mmio region = memory.mmio("crossing", Size.kib(4), device);
    place(CONFIG, region);
    try (AddressSpace.Registration _ = space.addListener(MemoryListener.batch(_ -> {
      if (device.entered.getCount() == 0) {
        device.waiting.countDown();
        assertEquals(1, memory.reader().load(space, CONFIG, 4));
      }
    }))) {
      Thread hart = Thread.ofPlatform().daemon().start(() -> memory.reader().store(space, CONFIG, 4, 1));
      Crossing.await(device.entered);
      Thread committer = Thread.ofPlatform().daemon().start(() -> place(0x1_0000, mmio("other", 0x1000)));
      assertTrue(hart.join(Duration.ofSeconds(60)) && committer.join(Duration.ofSeconds(60)),
          "they wait for each other");
    }
  }

  @Test
  void aSpaceThatACallbackClosesIsClosedWhenTheAccessHasEnded() throws InterruptedException {
    AddressSpace dma = memory.addressSpace("dma", container("bus", 0x1000));
    cross(dma::close);
    assertEquals(List.of(space), memory.addressSpaces());
  }

  @Test
  void aCallbackThatWouldWaitForTheMapIsRefused() throws InterruptedException {
    MemoryRegion.Container bus = container("bus", 0x1000);
    List<Runnable> requests = List.of(
        () -> memory.addressSpace("late", bus),
        () -> memory.alias("late", bus, 0, Size.kib(4)),
        () -> space.addListener(MemoryListener.batch(_ -> { })),
        memory::addressSpaces,
        memory.inspect()::tree,
        memory::close);
    List<String> refusals = new ArrayList<>();
    cross(() -> requests.forEach(request ->
        refusals.add(assertThrows(IllegalStateException.class, request::run).getMessage())));
    assertEquals(requests.size(), refusals.size());
    assertTrue(refusals.stream().allMatch(refusal -> refusal.contains("beforehand, or in another thread")));
  }

  @Test
  void theMapChangesWhenTheAccessHasEnded() {
    Config config = config(0);
    assertStores(CONFIG, 8, 0x5_0000);
    assertEquals(memory.generation(), config.ticket.generation());
    assertEquals("bar0", who(0x5_0000));
    assertEquals("unassigned", who(0x1_0000));
  }

  @Test
  void aSectionAroundTheAccessKeepsItsMapAndTheCommitDoesNotWaitForIt() {
    Config config = config(0);
    try (ReadSection _ = reader.enter()) {
      assertStores(CONFIG, 8, 0x5_0000);
      assertEquals("bar0", who(0x1_0000));
      assertEquals(reader.generation() + 1, config.ticket.generation());
    }
    assertEquals("bar0", who(0x5_0000));
  }

  @Test
  void untilThenNothingHasChangedAndTheTicketSaysSo() {
    MemoryRegion bar = ram("bar", 0x1000);
    place(0x1_0000, bar);
    place(CONFIG, memory.mmio("config", Size.kib(4), new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        CommitTicket ticket = memory.update(change -> change.delSubregion(bar));
        assertRefused(IllegalStateException.class, ticket::generation, "when the access");
        try (Transaction dropped = memory.begin()) {
          dropped.setAddress(bar, 0);
          assertRefused(IllegalStateException.class, dropped::plan, "callback");
        }
        bar.close();
        return tx.reader().load(space, 0x1_0000, 4) + 9;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {}
    }));
    assertLoads(9, CONFIG, 4);
    assertEquals("unassigned", who(0x1_0000));
  }

  @Test
  void aRefusedChangeFailsTheTicketAndNotTheGuest() {
    Config config = config(0);
    MemoryRegion.Container elsewhere = container("elsewhere", 0x1000);
    memory.update(tx -> tx.delSubregion(config.bar));
    place(0x2000, memory.mmio("config", Size.kib(4), new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {
        config.ticket = memory.update(change -> change.delSubregion(config.bar));
      }
    }));
    long before = memory.generation();
    assertStores(0x2000, 4, 0);
    assertRefused(IllegalStateException.class, config.ticket::generation, "refused");
    assertEquals(before, memory.generation());
    elsewhere.close();
  }

  @Test
  void twoHartsMoveTheirBarsAtOnce() throws Exception {
    Config[] configs = {config(0), config(1)};
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> harts = new ArrayList<>();
    for (int hart = 0; hart < 2; hart++) {
      int number = hart;
      harts.add(Thread.ofPlatform().daemon().start(() -> {
        try (MapReader own = memory.newReader("hart" + number)) {
          moveBars(own, number);
        } catch (Throwable e) {
          failure.set(e);
        }
      }));
    }
    reader.offline();
    for (Thread hart : harts) {
      assertTrue(hart.join(Duration.ofSeconds(100)), "a hart does not end");
    }
    assertEquals(null, failure.get());
    assertTrue(configs[0].bar.address() != 0 && configs[1].bar.address() != 0);
  }

  /** Each hart moves its own BAR and the other's; what it sees behind a BAR is that BAR or nothing. */
  private void moveBars(MapReader own, int number) {
    for (int i = 1; i <= ROUNDS; i++) {
      int which = (number + i) % 2;
      long at = 0x10_0000L * (which + 1) + 0x1000L * (i % 16);
      assertEquals(MemTxResult.OK, own.store(space, CONFIG + 0x1000L * which, 8, at));
      long seen = own.load(space, at, 1);
      assertTrue(own.lastResult().isOk() ? seen == which : seen == 0, "bar " + which + " reads " + seen);
      own.load(space, CONFIG + 0x1000L * (1 - which), 8);
      own.quiescent();
    }
  }
}
