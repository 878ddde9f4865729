package io.flatview.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.contract.Flavours;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * A mapper and a DMA reader, with every flavour of reclamation that is found.
 *
 * <p>The mapper gives a page of the device another frame, invalidates with IOTINVAL.VMA, waits for a grace period, and
 * poisons the frame that it took away. The reader translates, dawdles as a long transfer does, and loads from where the
 * translation led, inside one section. It must never see poison: not by the cache, not by a fill that came too late,
 * not by a transfer that was under way. The twin that does not wait is caught.
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
  private static final class Scene implements AutoCloseable {

    final ReclaimPolicy policy;
    final DispatchMemory memory;
    final AddressSpace system;
    final RiscvIommu iommu;
    final AddressSpace dma;
    final AtomicLong poisoned = new AtomicLong();
    final AtomicLong sound = new AtomicLong();
    final AtomicBoolean running = new AtomicBoolean(true);
    private int tail;

    Scene(ReclaimPolicy policy) {
      this.policy = policy;
      memory = DispatchMemory.create(policy);
      MemoryRegion.Container board = memory.container("board", Size.FULL);
      system = memory.addressSpace("system", board);
      memory.update(tx -> tx.addSubregion(board, 0, memory.ram("ram", Size.mib(4))));
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

    void put(long address, long value) {
      memory.reader().store(system, address, 8, value);
    }

    static long frame(int round) {
      return FRAMES + (long) (round % FRAME_COUNT) * 0x1000;
    }

    void lead(int round) {
      put(frame(round), SOUND);
      put(ROOT + 0x2000 + 8 * (IOVA >>> 12), frame(round) >>> 2 | LEAF);
      put(QUEUE + 16L * tail, 1 | 1 << 10);
      put(QUEUE + 16L * tail + 8, IOVA >>> 12 << 10);
      tail = (tail + 1) % 256;
      iommu.registers().write(36, 4, tail);
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
            long at = t.address();
            for (int i = n & 63; i > 0; i--) {
              Thread.onSpinWait();
            }
            (reader.load(system, at, 8) == POISON ? poisoned : sound).incrementAndGet();
          }
          reader.quiescent();
        }
      }
    }

    @Override
    public void close() {
      iommu.close();
      memory.close();
      policy.close();
    }
  }

  private static Scene play(ReclaimPolicyProvider provider, boolean waits) throws InterruptedException {
    Scene scene = new Scene(provider.create(ReclaimOptions.defaults()));
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

  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> noReaderSeesAFrameThatWasTakenAway() {
    return Flavours.found(3).stream().map(provider -> DynamicTest.dynamicTest(provider.name(), () -> {
      Scene scene = play(provider, true);
      assertEquals(0, scene.poisoned.get());
      assertTrue(scene.sound.get() > 0);
    }));
  }

  /** Scheduling decides how soon; so it may play more than once. */
  @TestFactory
  @Timeout(120)
  Stream<DynamicTest> theTwinThatDoesNotWaitIsCaught() {
    return Flavours.found(3).stream().map(provider -> DynamicTest.dynamicTest(provider.name(), () -> {
      long seen = 0;
      for (int attempt = 0; attempt < 50 && seen == 0; attempt++) {
        seen = play(provider, false).poisoned.get();
      }
      assertTrue(seen > 0, "the wait makes no difference, so this test proves nothing");
    }));
  }
}
