package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Circles of threads that wait for maps, for devices with a lock, for turns of callbacks, and for deliveries. If one of
 * these waits is not in the graph, its test does not end.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeviceCircleTest extends OnManyMaps {

  private static final IommuEvent EVENT = new IommuEvent.Unmap(new AddressRange(0, 0xfff));

  /** A device with a lock, which makes calls from its first callback. */
  private static final class Locked implements MmioDevice {

    private final MmioRules rules = MmioRules.DEFAULT.withGuard(
        new DeviceGuard("locked", Locking.DEVICE, Reentrancy.REJECT));
    private final Runnable calls;
    private boolean called;

    Locked(Runnable calls) {
      this.calls = calls;
    }

    @Override
    public MmioRules rules() {
      return rules;
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      if (!called) {
        called = true;
        calls.run();
      }
      return 42;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {}
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within a minute");
      Thread.yield();
    }
  }

  private static boolean waits(Thread thread) {
    return thread != null && (thread.getState() == Thread.State.TIMED_WAITING
        || thread.getState() == Thread.State.TERMINATED);
  }

  /**
   * One thread loads from the south's device; another has the north's lock, does {@code first}, and loads, too: its
   * access is refused, and both changes of the north are made.
   */
  private void assertTheListenersAccessGivesWay(Side north, Side south, Runnable first) throws Exception {
    List<MemTxResult> results = new ArrayList<>();
    List<Throwable> thrown = ended(List.of(
        thread(() -> assertEquals(42, south.map.reader().load(south.space, AT, 4))),
        thread(() -> north.underItsLock(() -> {
          first.run();
          results.add(south.resultOfLoad(AT));
        }))));
    assertEquals(List.of(), thrown);
    assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
    assertTrue(north.shows(0x10000) && north.shows(AT));
  }

  /** The device's thread waits for the map; then the listener, which has the map's lock, accesses the device. */
  @Test
  void anAccessIsRefusedToADeviceThatWaitsForTheMap() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    AtomicReference<Thread> guest = new AtomicReference<>();
    CyclicBarrier both = new CyclicBarrier(2);
    south.place(AT, south.map.mmio("device", Size.kib(4), new Locked(() -> {
      meet(both);
      guest.set(Thread.currentThread());
      north.change();
    })));
    assertTheListenersAccessGivesWay(north, south, () -> {
      meet(both);
      await(() -> waits(guest.get()));
    });
  }

  /** Whichever comes first: either the device's transaction or the listener's access is refused, and all ends. */
  @Test
  void ofADeviceThatChangesTheMapAndAListenerThatAccessesItOneIsRefused() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    List<MemTxResult> results = new ArrayList<>();
    CyclicBarrier both = new CyclicBarrier(2);
    south.place(AT, south.map.mmio("device", Size.kib(4), new Locked(() -> {
      meet(both);
      orRefused(north::change);
    })));
    List<Throwable> thrown = ended(List.of(
        thread(() -> south.map.reader().load(south.space, AT, 4)),
        thread(() -> north.underItsLock(() -> {
          meet(both);
          results.add(south.resultOfLoad(AT));
        }))));
    int accesses = results.contains(MemTxResult.ACCESS_ERROR) ? 1 : 0;
    assertEquals(1, refused.size() + accesses);
    assertEquals(refused.size(), thrown.size());
    refused.forEach(error -> assertNames(error, "'north'", "device 'locked'"));
    assertEquals(refused.isEmpty(), north.shows(0x10000));
    assertTrue(north.shows(AT));
  }

  @Test
  void aGuardNamesTheThreadThatHoldsItsLock() {
    DeviceGuard guard = new Locked(() -> { }).rules.guard().orElseThrow();
    assertEquals(Optional.empty(), guard.holder());
    guard.lock().lock();
    assertEquals(Optional.of(Thread.currentThread()), guard.holder());
    guard.lock().unlock();
    assertEquals(Optional.empty(), guard.holder());
    DeviceGuard own = new DeviceGuard("own", Locking.OWN, Reentrancy.REJECT);
    assertEquals(Optional.empty(), own.holder());
  }

  /** The device's own thread has the device's lock when it begins a transaction. */
  @Test
  void aThreadOfADeviceThatHoldsItsLockIsInTheCircleToo() throws Exception {
    Side north = new Side("north");
    List<MemTxResult> results = new ArrayList<>();
    CyclicBarrier both = new CyclicBarrier(2);
    Locked device = new Locked(() -> { });
    north.place(0x8000, north.map.mmio("device", Size.kib(4), device));
    List<Throwable> thrown = ended(List.of(
        thread(() -> {
          device.rules.guard().orElseThrow().lock().lock();
          try {
            meet(both);
            orRefused(north::change);
          } finally {
            device.rules.guard().orElseThrow().lock().unlock();
          }
        }),
        thread(() -> north.underItsLock(() -> {
          meet(both);
          results.add(north.resultOfLoad(0x8000));
        }))));
    assertEquals(1, refused.size() + (results.contains(MemTxResult.ACCESS_ERROR) ? 1 : 0));
    assertEquals(refused.size(), thrown.size());
  }

  private void inACircleOfATurn(Side south, Runnable wanting, Consumer<Runnable> listening) throws Exception {
    Side north = new Side("north");
    CyclicBarrier both = new CyclicBarrier(2);
    listening.accept(() -> {
      meet(both);
      orRefused(north::change);
    });
    List<Throwable> thrown = ended(List.of(
        thread(wanting),
        thread(() -> north.underItsLock(() -> {
          meet(both);
          orRefused(wanting);
        }))));
    assertEquals(1, refused.size(), "one of the two gives way");
    assertNames(refused.element(), "'north'", "the turn to call", "thread '");
    assertTrue(thrown.size() <= 1, thrown::toString);
    assertEquals(List.of(), south.map.compareWithRebuild());
  }

  /** The notifier is called in its turn and changes the map, whose holder sends an event to the notifier. */
  @Test
  void aCircleThatIncludesTheTurnOfAnIommusNotifiersEndsInARefusal() throws Exception {
    Side south = new Side("south");
    MemoryRegion.Iommu iommu = south.map.iommu("iommu", Size.kib(16), (_, _, _, _, entry) -> entry.deny());
    boolean[] called = new boolean[1];
    inACircleOfATurn(south, () -> iommu.notifyIommu(0, EVENT), calls ->
        iommu.addNotifier(new IommuNotifier("shadow", Set.of(IommuEvent.Kind.UNMAP), _ -> {
          if (!called[0]) {
            called[0] = true;
            calls.run();
          }
        })));
  }

  /** As above, with the listeners of sparse memory. */
  @Test
  void aCircleThatIncludesTheTurnOfDiscardListenersEndsInARefusal() throws Exception {
    Side south = new Side("south");
    MemoryRegion.Ram ram = south.map.ram("sparse", Size.kib(16));
    RamDiscardManager manager = ram.newDiscardManager(4096);
    boolean[] called = new boolean[1];
    inACircleOfATurn(south, () -> manager.populate(0, 4096), calls ->
        manager.addListener(new RamDiscardListener() {
          @Override
          public void populate(MemoryRegionSection section) {
            if (!called[0]) {
              called[0] = true;
              calls.run();
            }
          }

          @Override
          public void discard(MemoryRegionSection section) {}
        }, new MemoryRegionSection(new AddressRange(0, 0x3fff), ram, 0, SectionAttributes.NONE)));
  }

  /**
   * A device of the north changes the north in an access that a locked device of the south makes: so the change is made
   * with the lock of the south's device held, by no caller that could be refused. The listener's access gives way.
   */
  @Test
  void aDeferredChangeIsNotLostIfAnAccessCanGiveWay() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    CyclicBarrier both = new CyclicBarrier(2);
    north.place(0x8000, north.map.mmio("changing", Size.kib(4), new Locked(() -> {
      meet(both);
      north.change();
    })));
    south.place(AT, south.map.mmio("device", Size.kib(4), new Locked(
        () -> north.map.reader().load(north.space, 0x8000, 4))));
    assertTheListenersAccessGivesWay(north, south, () -> meet(both));
  }

  /**
   * A device of the north changes the north, which is made when the access has ended; a listener answers that with a
   * change of the south. A thread that has the south's lock waits for the north already, and can be refused.
   */
  @Test
  void aDeferredChangeIsNotLostIfAListenerThatItCallsClosesACircle() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    AtomicReference<Thread> other = new AtomicReference<>();
    CyclicBarrier both = new CyclicBarrier(2);
    north.space.addListener(new MemoryListener() {
      @Override
      public void plan(MapChange change) {
        if (change.added().stream().anyMatch(section -> section.range().contains(0x10000))) {
          meet(both);
          await(() -> waits(other.get()));
          south.change();
        }
      }
    });
    north.place(0x8000, north.map.mmio("changing", Size.kib(4), new Locked(north::change)));
    List<Throwable> thrown = ended(List.of(
        thread(() -> assertEquals(42, north.map.reader().load(north.space, 0x8000, 4))),
        thread(() -> south.underItsLock(() -> {
          meet(both);
          other.set(Thread.currentThread());
          orRefused(() -> north.map.addressSpaces());
        }))));
    assertEquals(1, refused.size(), "the thread that can try again gives way");
    assertEquals(1, thrown.size());
    assertTrue(north.shows(0x10000) && south.shows(0x10000));
    assertFalse(south.shows(AT));
  }

  /** A delivery of coalesced stores is waited for outside devices only; the waiting thread may hold a map's lock. */
  @Test
  void aDeliveryOfCoalescedStoresIsNotWaitedForInACircle() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    CyclicBarrier both = new CyclicBarrier(2);
    List<Long> stored = new ArrayList<>();
    MmioDevice slow = new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        return 42;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {
        stored.add(value);
        meet(both);
        orRefused(north::change);
      }
    };
    MemoryRegion.Mmio device = south.map.mmio("slow", Size.kib(4), slow);
    south.map.update(tx -> tx.addSubregion(south.bus, AT, device).addCoalesced(device, new AddressRange(0, 15)));
    try (MapReader guest = south.map.newReader("guest")) {
      guest.store(south.space, AT, 4, 7);
    }
    List<Throwable> thrown = ended(List.of(
        thread(() -> south.map.reader().load(south.space, AT + 0x100, 4)),
        thread(() -> north.underItsLock(() -> {
          meet(both);
          assertEquals(42, south.map.reader().load(south.space, AT + 0x100, 4));
        }))));
    assertEquals(List.of(7L), stored);
    assertEquals(refused.size(), thrown.size());
    assertTrue(north.shows(AT));
    thrown.forEach(each -> assertInstanceOf(IllegalStateException.class, each));
  }
}
