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
import io.flatview.rcu.contract.EachFlavour;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Harts write the same base address registers at once. The map follows when the lock of the host is free again, and so
 * possibly in another order; in the end it must show what the registers say.
 */
class PciHostTest {

  private static final int HARTS = 3;
  private static final int WRITES = 100;
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

  /** A machine with nothing but a card. */
  private static final class Machine implements AutoCloseable {

    private final ReclaimPolicy policy;
    private final DispatchMemory memory;
    private final AddressSpace bus;
    private final PciHost host;
    private final MemoryRegion.Mmio card;

    private Machine(String flavour) {
      policy = ReclaimPolicies.discover(flavour);
      memory = DispatchMemory.create(policy);
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      bus = memory.addressSpace("memory", system);
      host = new PciHost(memory, 0x1000);
      card = memory.mmio("card", Size.bytes(0x1000), new Marked());
      host.plug(0, new PciFunction("card", 1, 2, 3).bar(0, new PciBar(card, PciBar.Kind.MEMORY)));
      MemoryRegion.Mmio config = memory.mmio("config", Size.bytes(PciHost.CONFIGURATION_SIZE), host);
      memory.update(tx -> tx
          .addSubregion(system, 0, host.memorySpace()).addSubregion(system, CONFIGURATION, config, 1));
    }

    @Override
    public void close() {
      memory.close();
      policy.close();
    }
  }

  @ParameterizedTest
  @EachFlavour
  void theMapShowsWhatTheRegistersSayAfterHartsWroteThemAtOnce(String flavour) throws InterruptedException {
    try (Machine machine = new Machine(flavour);
        AddressSpace.Registration _ = machine.host.watch(machine.bus)) {
      for (int round = 0; round < ROUNDS; round++) {
        writeAtOnce(machine.memory, machine.bus, round);
        assertShows(machine);
      }
    }
  }

  /** The late commit is made by hand: that of an earlier write, by a hart that was held up in between. */
  @Test
  void aCommitThatComesLateIsCorrected() {
    try (Machine machine = new Machine("epoch");
        AddressSpace.Registration _ = machine.host.watch(machine.bus);
        MapReader reader = machine.memory.newReader("hart")) {
      reader.store(machine.bus, CONFIGURATION + 4, 4, 2);
      reader.store(machine.bus, CONFIGURATION + 0x10, 4, 0x4000_0000L);
      assertShows(machine);
      machine.memory.update(tx -> tx.setAddress(machine.card, 0x4000_1000L));
      assertShows(machine);
      machine.memory.update(tx -> tx.setEnabled(machine.card, false));
      assertShows(machine);
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

  private static void assertShows(Machine machine) {
    try (MapReader reader = machine.memory.newReader("check")) {
      long address = reader.load(machine.bus, CONFIGURATION + 0x10, 4);
      boolean decodes = (reader.load(machine.bus, CONFIGURATION + 4, 4) & 2) != 0;
      boolean shows = reader.load(machine.bus, address, 1) == MARK && reader.lastResult() == MemTxResult.OK;
      assertEquals(decodes && address != 0, shows, () -> "at " + Long.toHexString(address));
      assertEquals(shows, machine.card.isEnabled());
    }
  }
}
