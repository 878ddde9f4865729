package io.flatview.examples.virt64.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Harts write the same base address registers at once. The map follows when the lock of the host is free again, and so
 * possibly in another order; in the end it must show what the registers say.
 */
class PciHostTest {

  private static final int HARTS = 3;
  private static final int WRITES = 400;
  private static final int ROUNDS = 20;
  private static final long CONFIGURATION = 0x3000_0000L;
  private static final long MARK = 0x5a;

  /** Answers the same everywhere. */
  private static final class Marked extends BoardDevice {

    private Marked() {
      super("marked", Locking.OWN);
    }

    @Override
    public long read(long offset, int size) {
      return MARK;
    }

    @Override
    public void write(long offset, int size, long value) {
      // It has no registers.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoch", "qsbr", "refcount"})
  void theMapShowsWhatTheRegistersSayWhoeverCommitsLast(String flavour) throws InterruptedException {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      AddressSpace bus = memory.addressSpace("memory", system);
      PciHost host = new PciHost(memory, 0x1000);
      MemoryRegion.Mmio card = memory.mmio("card", Size.bytes(0x1000), new Marked());
      host.plug(0, new PciFunction("card", 1, 2, 3).bar(0, new PciBar(card, PciBar.Kind.MEMORY)));
      memory.update(tx -> tx
          .addSubregion(system, 0, host.memorySpace())
          .addSubregion(system, CONFIGURATION,
              memory.mmio("config", Size.bytes(PciHost.CONFIGURATION_SIZE), host), 1));
      try (AddressSpace.Registration _ = host.watch(bus)) {
        for (int round = 0; round < ROUNDS; round++) {
          writeAtOnce(memory, bus, round);
          assertShows(memory, bus, card);
        }
      }
    }
  }

  private static void writeAtOnce(DispatchMemory memory, AddressSpace bus, int round) throws InterruptedException {
    List<Thread> harts = new ArrayList<>();
    for (int i = 0; i < HARTS; i++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(round * HARTS + i);
      harts.add(Thread.ofPlatform().start(() -> write(memory, bus, random)));
    }
    for (Thread hart : harts) {
      hart.join();
    }
  }

  private static void write(DispatchMemory memory, AddressSpace bus, RandomGenerator random) {
    try (MapReader reader = memory.newReader("hart")) {
      for (int i = 0; i < WRITES; i++) {
        if (random.nextInt(4) == 0) {
          reader.store(bus, CONFIGURATION + 4, 4, random.nextInt(4));
        } else {
          reader.store(bus, CONFIGURATION + 0x10, 4, 0x4000_0000L + (random.nextInt(8) << 12));
        }
        reader.quiescent();
      }
    }
  }

  private static void assertShows(DispatchMemory memory, AddressSpace bus, MemoryRegion card) {
    try (MapReader reader = memory.newReader("check")) {
      long address = reader.load(bus, CONFIGURATION + 0x10, 4);
      boolean decodes = (reader.load(bus, CONFIGURATION + 4, 4) & 2) != 0;
      boolean shows = reader.load(bus, address, 1) == MARK && reader.lastResult() == MemTxResult.OK;
      assertEquals(decodes, shows, () -> card + " at " + Long.toHexString(address));
      assertEquals(decodes, card.isEnabled());
    }
  }
}
