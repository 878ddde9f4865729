package io.flatview.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Flavours;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * A mapper and a DMA reader, with every flavour of reclamation that is found.
 *
 * <p>The mapper gives a page of the device another frame, invalidates, waits for a grace period, and poisons the frame
 * that it took away. The reader translates, dawdles as a long transfer does, and loads from where the translation led,
 * inside one section. It must never see poison: not by the cache, not by a fill that came too late, not by an answer
 * that it uses again, not by a transfer that was under way. The twin that does not wait is caught.
 */
class IotlbRaceTest {

  private static final long POISON = 0xdead_dead_dead_deadL;
  private static final long SOUND = 0x600d_600d_600d_600dL;
  private static final long ROOT = 0x1_0000;
  private static final long DIRECTORY = 0x2_0000;
  private static final long QUEUE = 0x3_0000;
  private static final long LEAF = 0xd7;
  private static final long IOVA = 0x5000;
  private static final long FRAMES = 0x10_0000;
  private static final int FRAME_COUNT = 64;
  private static final int ROUNDS = 1_500;
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** A machine with an IOMMU whose one device sees one page. */
  private abstract static class Scene implements AutoCloseable {

    final ReclaimPolicy policy;
    final DispatchMemory memory;
    final AddressSpace system;
    final AtomicLong poisoned = new AtomicLong();
    final AtomicLong sound = new AtomicLong();
    final AtomicBoolean running = new AtomicBoolean(true);
    AddressSpace dma;

    Scene(ReclaimPolicy policy) {
      this.policy = policy;
      memory = DispatchMemory.create(policy);
      MemoryRegion.Container board = memory.container("board", Size.FULL);
      system = memory.addressSpace("system", board);
      memory.update(tx -> tx.addSubregion(board, 0, memory.ram("ram", Size.mib(4))));
    }

    /** Gives the page another frame, or none, and invalidates. */
    abstract void lead(long frame);

    final void put(long address, long value) {
      memory.reader().store(system, address, 8, value);
    }

    static long frame(int round) {
      return FRAMES + (long) (round % FRAME_COUNT) * 0x1000;
    }

    final void lead(int round) {
      put(frame(round), SOUND);
      lead(frame(round));
    }

    void map(boolean waits) {
      long end = System.nanoTime() + PATIENCE_NANOS;
      for (int round = 1; round <= ROUNDS && System.nanoTime() < end; round++) {
        lead(round);
        if (waits) {
          policy.synchronize();
        }
        put(frame(round - 1), POISON);
      }
      running.set(false);
    }

    void read() {
      try (MapReader reader = memory.newReader("dma")) {
        for (int n = 0; running.get(); n++) {
          try (ReadSection _ = reader.enter()) {
            Translation t = reader.translate(dma, IOVA, 8, Access.READ);
            if (t.fault() == Translation.Fault.NONE) {
              count(reader, t.address(), n & 63);
            }
          }
          reader.quiescent();
        }
      }
    }

    private void count(MapReader reader, long at, int spins) {
      for (int i = spins; i > 0; i--) {
        Thread.onSpinWait();
      }
      (reader.load(system, at, 8) == POISON ? poisoned : sound).incrementAndGet();
    }

    @Override
    public void close() {
      memory.close();
      policy.close();
    }
  }

  /** With tables, an IOTLB and IOTINVAL.VMA. */
  private static final class Tables extends Scene {

    private final RiscvIommu iommu;
    private int tail;

    Tables(ReclaimPolicy policy) {
      super(policy);
      iommu = new RiscvIommu(memory, system, policy, Capabilities.ALL, (_, _) -> {});
      dma = iommu.busMaster(memory, "dma", 1);
      put(DIRECTORY + 64, 1);
      put(DIRECTORY + 64 + 24, 8L << 60 | ROOT >>> 12);
      put(ROOT, (ROOT + 0x1000) >>> 2 | 1);
      put(ROOT + 0x1000, (ROOT + 0x2000) >>> 2 | 1);
      iommu.registers().write(24, 8, QUEUE >>> 2 | 7);
      iommu.registers().write(72, 4, 1);
      iommu.registers().write(16, 8, DIRECTORY >>> 2 | 2);
      lead(0);
    }

    @Override
    void lead(long frame) {
      put(ROOT + 0x2000 + 8 * (IOVA >>> 12), frame >>> 2 | LEAF);
      put(QUEUE + 16L * tail, 1 | 1 << 10);
      put(QUEUE + 16L * tail + 8, IOVA >>> 12 << 10);
      tail = (tail + 1) % 256;
      iommu.registers().write(36, 4, tail);
    }

    @Override
    public void close() {
      iommu.close();
      super.close();
    }
  }

  /** With a window, whose answers readers use again; gone in every other round, so that nothing hides an old one. */
  private static final class OneWindow extends Scene {

    private static final AddressRange PAGE = new AddressRange(IOVA, IOVA + 0xfff);

    private final WindowIommu windows = new WindowIommu();
    private boolean mapped;

    OneWindow(ReclaimPolicy policy) {
      super(policy);
      dma = memory.addressSpace("dma", memory.iommu("windows", Size.FULL, windows));
      lead(0);
    }

    @Override
    void lead(long frame) {
      if (mapped) {
        windows.unmap(PAGE);
      } else {
        windows.map(PAGE, system, frame, Permission.READ_WRITE);
      }
      mapped = !mapped;
    }
  }

  private static Scene play(Scene scene, boolean waits) throws InterruptedException {
    try (scene) {
      Thread reader = Thread.ofPlatform().start(scene::read);
      while (scene.sound.get() == 0 && reader.isAlive()) {
        Thread.yield();
      }
      scene.map(waits);
      reader.join();
    }
    return scene;
  }

  /** A scene for each flavour and kind of IOMMU. */
  private static Stream<DynamicTest> scenes(ThrowingConsumer<Supplier<Scene>> test) {
    return Flavours.found(3).stream().flatMap(provider -> Stream.of(
        dynamicTest(provider.name() + ", tables", () ->
            test.accept(() -> new Tables(provider.create(ReclaimOptions.defaults())))),
        dynamicTest(provider.name() + ", a window", () ->
            test.accept(() -> new OneWindow(provider.create(ReclaimOptions.defaults()))))));
  }

  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> noReaderSeesAFrameThatWasTakenAway() {
    return scenes(open -> {
      Scene scene = play(open.get(), true);
      assertEquals(0, scene.poisoned.get());
      assertTrue(scene.sound.get() > 0);
    });
  }

  /** Scheduling decides how soon; so it may play more than once. */
  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> theTwinThatDoesNotWaitIsCaught() {
    return scenes(open -> {
      long seen = 0;
      for (int attempt = 0; attempt < 50 && seen == 0; attempt++) {
        seen = play(open.get(), false).poisoned.get();
      }
      assertTrue(seen > 0, "the wait makes no difference, so this test proves nothing");
    });
  }
}
