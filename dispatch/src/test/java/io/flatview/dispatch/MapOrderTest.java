package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that hold maps' locks, devices' locks and turns of many memory systems, and wait for further ones, always in
 * one order. So there is no circle, and nothing may be refused.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MapOrderTest extends OnAMachine {

  private static final int SYSTEMS = 6;
  private static final int THREADS = 4;
  private static final int ROUNDS = Boolean.getBoolean("flatview.long") ? 20_000 : 400;
  private static final IommuEvent EVENT = new IommuEvent.Unmap(new AddressRange(0, 0xfff));

  /** The steps that the callbacks of a thread have still to make, each in the one before. */
  private static final ThreadLocal<Deque<Runnable>> STEPS = ThreadLocal.withInitial(ArrayDeque::new);

  private final List<Station> stations = IntStream.range(0, SYSTEMS).mapToObj(Station::new).toList();
  private final AtomicLong made = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();

  @AfterEach
  void closeAll() {
    stations.forEach(station -> station.map.close());
  }

  private static void goOn() {
    Runnable next = STEPS.get().poll();
    if (next != null) {
      next.run();
    }
  }

  /** A memory system with a device that has a lock, and an IOMMU with a notifier. */
  private final class Station implements MmioDevice {

    private final DispatchMemory map;
    private final MemoryRegion.Container bus;
    private final AddressSpace space;
    private final MemoryRegion.Iommu iommu;
    private final MemoryRegion.Ram ram;
    private final MmioRules rules;

    Station(int number) {
      map = DispatchMemory.create(policy, DispatchOptions.defaults().withName("station " + number));
      bus = map.container("bus", Size.FULL);
      space = map.addressSpace("space", bus);
      iommu = map.iommu("iommu", Size.kib(4), (_, _, _, _, entry) -> entry.deny());
      iommu.addNotifier(new IommuNotifier("notifier", Set.of(IommuEvent.Kind.UNMAP), _ -> goOn()));
      ram = map.ram("ram", Size.kib(4));
      rules = MmioRules.DEFAULT.withGuard(new DeviceGuard("device " + number, Locking.DEVICE, Reentrancy.REJECT));
      map.update(tx -> tx.addSubregion(bus, 0, map.mmio("device", Size.kib(4), this)).addSubregion(bus, 0x1000, ram));
    }

    @Override
    public MmioRules rules() {
      return rules;
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      goOn();
      return 0;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {}

    void change() {
      map.update(tx -> {
        tx.setEnabled(ram, made.incrementAndGet() % 2 == 0);
        goOn();
      });
    }

    void access() {
      made.incrementAndGet();
      MapReader own = map.reader();
      own.load(space, 0, 4);
      refused.addAndGet(own.lastResult() == MemTxResult.OK ? 0 : 1);
    }

    void send() {
      made.incrementAndGet();
      iommu.notifyIommu(0, EVENT);
    }

    /** What a thread may do here, in the order in which it may hold the locks. */
    List<Runnable> steps() {
      return List.of(this::change, this::access, this::send);
    }
  }

  /** Some of all steps, in their order. In a station's own device or turn, its map would be changed later. */
  private int choose(Random random) {
    List<Runnable> chosen = new ArrayList<>();
    for (Station station : stations) {
      station.steps().stream().filter(_ -> random.nextInt(4) == 0).forEach(chosen::add);
    }
    STEPS.get().addAll(chosen);
    return chosen.size();
  }

  private long work(int seed) {
    Random random = new Random(seed);
    long steps = 0;
    for (int i = 0; i < ROUNDS; i++) {
      steps += choose(random);
      goOn();
    }
    return steps;
  }

  @Test
  void locksThatAreTakenInOneOrderAreNeverRefused() throws Exception {
    List<CompletableFuture<Object>> threads = IntStream.range(0, THREADS)
        .mapToObj(seed -> OnTwoThreads.run(() -> work(seed))).toList();
    long steps = 0;
    for (CompletableFuture<Object> thread : threads) {
      steps += (Long) thread.get(180, TimeUnit.SECONDS);
    }
    assertEquals(steps, made.get());
    assertEquals(0, refused.get());
    for (Station station : stations) {
      assertEquals(List.of(), station.map.compareWithRebuild());
    }
  }
}
