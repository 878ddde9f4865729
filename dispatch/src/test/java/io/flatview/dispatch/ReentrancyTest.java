package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices that make accesses from their callbacks. */
@ParameterizedClass
@MethodSource("policies")
class ReentrancyTest extends OnAPolicy {

  ReentrancyTest(Supplier<ReclaimPolicy> policy) {
    super(policy.get());
  }

  private static final int ROUNDS = 2_000;
  private static final long NOWHERE = 0;

  private final List<MemTxResult> results = new ArrayList<>();

  /** Answers every access with one of its own to a fixed place, unless that is nowhere. */
  private final class Forwarder implements MmioDevice {

    private final MmioRules rules;
    private final AtomicInteger calls = new AtomicInteger();
    private long to;

    Forwarder(DeviceGuard guard, long to) {
      this.rules = MmioRules.DEFAULT.withGuard(guard);
      this.to = to;
    }

    @Override
    public MmioRules rules() {
      return rules;
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      calls.incrementAndGet();
      if (to == NOWHERE) {
        return 1;
      }
      long value = tx.reader().load(space, to, size);
      results.add(tx.reader().lastResult());
      return value + 1;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      calls.incrementAndGet();
    }
  }

  private static DeviceGuard guard(String name, Locking locking, Reentrancy reentrancy) {
    return new DeviceGuard(name, locking, reentrancy);
  }

  private Forwarder device(String name, long at, long to, DeviceGuard guard) {
    Forwarder device = new Forwarder(guard, to);
    place(at, memory.mmio(name, Size.kib(4), device));
    return device;
  }

  @Test
  void aDeviceThatComesBackToItselfIsRefused() {
    for (Locking locking : Locking.values()) {
      results.clear();
      Forwarder a = device("a", 0x1000, 0x1010, guard("a", locking, Reentrancy.REJECT));
      assertLoads(1, 0x1000, 4);
      assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
      assertEquals(1, a.calls.get());
    }
  }

  @Test
  void aDeviceThatComesBackThroughAnotherIsRefused() {
    device("a", 0x1000, 0x2000, guard("a", Locking.DEVICE, Reentrancy.REJECT));
    device("b", 0x2000, 0x1000, guard("b", Locking.DEVICE, Reentrancy.REJECT));
    assertLoads(2, 0x1000, 4);
    assertEquals(List.of(MemTxResult.ACCESS_ERROR, MemTxResult.OK), results);
  }

  @Test
  void aDeviceThatComesBackThroughAnotherReaderIsRefused() {
    try (MapReader second = memory.newReader("second")) {
      int[] calls = new int[1];
      place(0x1000, memory.mmio("a", Size.kib(4), new MmioDevice() {
        @Override
        public long read(long offset, int size, MemTx tx) {
          calls[0]++;
          second.load(space, 0x1000, 4);
          results.add(second.lastResult());
          return 7;
        }

        @Override
        public void write(long offset, int size, long value, MemTx tx) {}
      }));
      assertLoads(7, 0x1000, 4);
      assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
      assertEquals(1, calls[0]);
    }
  }

  @Test
  void regionsOfOneGuardAreOneDevice() {
    DeviceGuard shared = guard("a", Locking.OWN, Reentrancy.REJECT);
    device("control", 0x1000, 0x2000, shared);
    Forwarder data = device("data", 0x2000, NOWHERE, shared);
    assertLoads(1, 0x1000, 4);
    assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
    assertEquals(0, data.calls.get());
    assertLoads(1, 0x2000, 4);
  }

  @Test
  void aDeviceThatAllowsItIsEnteredAgain() {
    Forwarder a = device("a", 0x1000, 0x2000, guard("a", Locking.DEVICE, Reentrancy.ALLOW));
    Forwarder b = device("b", 0x2000, 0x1000, guard("b", Locking.DEVICE, Reentrancy.REJECT));
    assertLoads(3, 0x1000, 4);
    assertEquals(2, a.calls.get());
    assertEquals(1, b.calls.get());
  }

  @Test
  void aDeviceThatThrowsIsLeft() {
    place(0x1000, memory.mmio("broken", Size.kib(4), new MmioDevice() {
      @Override
      public MmioRules rules() {
        return MmioRules.DEFAULT.withGuard(guard("broken", Locking.DEVICE, Reentrancy.REJECT));
      }

      @Override
      public long read(long offset, int size, MemTx tx) {
        if (offset == 0) {
          throw new IllegalStateException("broken");
        }
        return 5;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {}
    }));
    assertRefused(IllegalStateException.class, () -> load(0x1000, 4), "broken");
    assertLoads(5, 0x1004, 4);
    memory.update(tx -> tx.setEnabled(system, true)).generation();
  }

  /** Both threads are in the device at once, or the barrier breaks. */
  @Test
  void parallelAccessesAreNoReentry() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    place(0x1000, memory.mmio("a", Size.kib(4), new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        try {
          return both.await(60, TimeUnit.SECONDS) + 1;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {}
    }));
    long[] read = new long[2];
    Thread other = Thread.ofPlatform().start(() -> read[0] = memory.reader().load(space, 0x1000, 4));
    read[1] = load(0x1000, 4);
    other.join();
    assertEquals(3, read[0] + read[1]);
  }

  @Test
  void theLockOfADeviceKeepsThreadsApart() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    place(0x1000, memory.mmio("a", Size.kib(4), new MmioDevice() {
      @Override
      public MmioRules rules() {
        return MmioRules.DEFAULT.withGuard(guard("a", Locking.DEVICE, Reentrancy.REJECT));
      }

      @Override
      public long read(long offset, int size, MemTx tx) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        Thread.onSpinWait();
        inside.decrementAndGet();
        return 0;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {}
    }));
    inTwoThreads(own -> own.load(space, 0x1000, 4));
    assertEquals(1, most.get());
  }

  /**
   * One thread holds A and wants B, the other holds B and wants A: one of the inner accesses is refused, and both outer
   * ones end. Without the look for circles this test does not end.
   */
  @Test
  void locksTakenInACircleEndInARefusal() throws Exception {
    Forwarder a = device("a", 0x1000, 0x2000, guard("a", Locking.DEVICE, Reentrancy.REJECT));
    Forwarder b = device("b", 0x2000, 0x1000, guard("b", Locking.DEVICE, Reentrancy.REJECT));
    CountDownLatch done = new CountDownLatch(2);
    AtomicInteger turn = new AtomicInteger();
    results.clear();
    Runnable half = () -> {
      long at = turn.getAndIncrement() == 0 ? 0x1000 : 0x2000;
      for (int i = 0; i < ROUNDS; i++) {
        memory.reader().load(space, at, 4);
      }
      done.countDown();
    };
    Thread.ofPlatform().daemon().start(half);
    Thread.ofPlatform().daemon().start(half);
    assertTrue(done.await(60, TimeUnit.SECONDS), "a deadlock");
    assertTrue(a.calls.get() >= ROUNDS && b.calls.get() >= ROUNDS);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  /** As above, with the second device behind a second memory system. Without one graph this test does not end. */
  @Test
  void aCircleOfLocksThroughTwoMemorySystemsEndsInARefusalToo() throws Exception {
    try (DispatchMemory far = another()) {
      MemoryRegion.Container bus = far.container("bus", Size.FULL);
      AddressSpace farSpace = far.addressSpace("far", bus);
      AtomicInteger refused = new AtomicInteger();
      CyclicBarrier bothInside = new CyclicBarrier(2);
      place(0x1000, memory.mmio("near", Size.kib(4), new Bridge(far, farSpace, bothInside, refused)));
      far.update(tx -> tx.addSubregion(
          bus, 0x1000, far.mmio("far", Size.kib(4), new Bridge(memory, space, bothInside, refused))));
      CountDownLatch done = new CountDownLatch(2);
      Thread.ofPlatform().daemon().start(() -> enter(memory, space, done));
      Thread.ofPlatform().daemon().start(() -> enter(far, farSpace, done));
      assertTrue(done.await(60, TimeUnit.SECONDS), "a deadlock");
      assertEquals(1, refused.get());
    }
  }

  private static void enter(DispatchMemory into, AddressSpace at, CountDownLatch done) {
    into.reader().load(at, 0x1000, 4);
    done.countDown();
  }

  /** Makes the access of its caller in the other memory system, at the first time when both bridges are entered. */
  private static final class Bridge implements MmioDevice {

    private final MmioRules rules =
        MmioRules.DEFAULT.withGuard(guard("bridge", Locking.DEVICE, Reentrancy.ALLOW));
    private final DispatchMemory behind;
    private final AddressSpace to;
    private final CyclicBarrier bothInside;
    private final AtomicInteger refused;
    private boolean entered;

    Bridge(DispatchMemory behind, AddressSpace to, CyclicBarrier bothInside, AtomicInteger refused) {
      this.behind = behind;
      this.to = to;
      this.bothInside = bothInside;
      this.refused = refused;
    }

    @Override
    public MmioRules rules() {
      return rules;
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      if (!entered) {
        entered = true;
        await(bothInside);
        behind.reader().load(to, 0x1000, 4);
        refused.addAndGet(behind.reader().lastResult() == MemTxResult.ACCESS_ERROR ? 1 : 0);
      }
      return 0;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {}
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private interface Work {
    void with(MapReader own);
  }

  private void inTwoThreads(Work work) throws InterruptedException {
    Runnable loop = () -> {
      for (int i = 0; i < ROUNDS; i++) {
        work.with(memory.reader());
      }
    };
    Thread other = Thread.ofPlatform().start(loop);
    loop.run();
    other.join();
  }
}
