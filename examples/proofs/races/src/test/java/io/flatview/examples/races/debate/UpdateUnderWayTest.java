package io.flatview.examples.races.debate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.EachFlavour;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The effect of a mark for an update under way on readers meanwhile. Here no thread waits for a writer: not another
 * thread, not the writer itself in a listener, and none after a listener has thrown.
 */
@Timeout(60)
class UpdateUnderWayTest {

  /** Idiom 6. It is right about what it lets through; some it never lets through. */
  private static final class MarkedMap {

    private volatile int root;
    private volatile int table;
    private volatile int next = PostedIdioms.NONE;

    void update(int generation, Runnable listeners) {
      next = generation;
      listeners.run();
      root = generation;
      table = generation;
      next = PostedIdioms.NONE;
    }

    /** The reader's loop, except that it gives up. */
    boolean canBeRead() {
      for (int attempt = 0; attempt < 100_000; attempt++) {
        int t = table;
        int o = root;
        if (next == PostedIdioms.NONE && t == table) {
          return t == o;
        }
      }
      return false;
    }
  }

  @Test
  void withAMarkAWriterThatReadsWaitsForItself() {
    MarkedMap map = new MarkedMap();
    List<Boolean> read = new ArrayList<>();
    map.update(1, () -> read.add(map.canBeRead()));
    assertEquals(List.of(false), read);
    assertTrue(map.canBeRead());
  }

  @Test
  void withAMarkAListenerThatThrowsLeavesReadersWaitingForEver() {
    MarkedMap map = new MarkedMap();
    assertThrows(ArithmeticException.class, () -> map.update(1, () -> {
      throw new ArithmeticException();
    }));
    assertFalse(map.canBeRead());
  }

  /** A device that moves by one page; what is read of it is where it was placed before. */
  private static final class Machine implements AutoCloseable {

    private static final long FROM = 0x1000;
    private static final long TO = 0x2000;

    final ReclaimPolicy policy;
    final DispatchMemory memory;
    final AddressSpace space;
    final MemoryRegion.Mmio device;

    Machine(String flavour) {
      policy = ReclaimPolicies.discover(flavour);
      memory = DispatchMemory.create(policy);
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      device = memory.mmio("device", Size.kib(4), new MmioHandler() {
        @Override
        public long read(long offset, int size) {
          return 7;
        }

        @Override
        public void write(long offset, int size, long value) {}
      });
      memory.update(tx -> tx.addSubregion(system, FROM, device));
      space = memory.addressSpace("memory", system);
    }

    void move() {
      memory.update(tx -> tx.setAddress(device, TO));
    }

    /** Where the device answers: one of the two places, for every reader and at any time. */
    static long whereSeen(MapReader reader, AddressSpace space) {
      boolean before = reader.load(space, FROM, 1) == 7;
      boolean after = reader.load(space, TO, 1) == 7;
      assertTrue(before || after);
      return before ? FROM : TO;
    }

    long whereSeen() {
      return whereSeen(memory.reader(), space);
    }

    /** Another thread looks, while this one waits for it. */
    long whereSeenElsewhere() {
      return CompletableFuture.supplyAsync(this::whereSeen).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
      memory.close();
      policy.barrier();
      policy.close();
    }
  }

  @ParameterizedTest
  @EachFlavour
  void hereAWriterThatReadsSeesTheOldMapUntilTheNewOneIsPublished(String flavour) {
    try (Machine machine = new Machine(flavour)) {
      List<Long> seen = new ArrayList<>();
      AddressSpace.Registration spy = machine.space.addListener(new Spy(() -> {
        seen.add(machine.whereSeen());
        seen.add(machine.whereSeenElsewhere());
      }));
      seen.clear();
      machine.move();
      spy.close();
      assertEquals(
          List.of(Machine.FROM, Machine.FROM, Machine.FROM, Machine.FROM, Machine.TO, Machine.TO),
          seen.subList(0, 6));
    }
  }

  @ParameterizedTest
  @EachFlavour
  void hereAListenerThatThrowsLeavesEverybodyTheOldMap(String flavour) {
    try (Machine machine = new Machine(flavour)) {
      List<Runnable> trouble = new ArrayList<>();
      machine.space.addListener(new Spy(() -> trouble.forEach(Runnable::run)));
      trouble.add(() -> {
        throw new ArithmeticException("trouble");
      });
      assertThrows(MapException.class, machine::move);
      assertEquals(Machine.FROM, machine.whereSeen());
      assertEquals(Machine.FROM, machine.whereSeenElsewhere());
      trouble.clear();
      machine.move();
      assertEquals(Machine.TO, machine.whereSeenElsewhere());
    }
  }

  /** Does something at each step of a commit. */
  private record Spy(Runnable step) implements MemoryListener {

    @Override
    public void regionDel(MemoryRegionSection section) {
      step.run();
    }

    @Override
    public void regionAdd(MemoryRegionSection section) {
      step.run();
    }

    @Override
    public void commit(MapChange change) {
      step.run();
    }
  }
}
