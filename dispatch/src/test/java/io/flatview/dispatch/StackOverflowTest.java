package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Flavours;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread goes as deep as its stack lets it and accesses the map at each depth, until there is no stack; from another
 * depth each time, so that the stack ends anywhere. What it entered is left: a commit is quiesced although the thread
 * goes on, and other threads call the device.
 */
class StackOverflowTest {

  private static final int DIVES = Boolean.getBoolean("flatview.long") ? 60 : 8;
  private static final long STACK = 256 << 10;

  private final DeviceGuard guard = new DeviceGuard("guard", Locking.DEVICE, Reentrancy.REJECT);

  static Stream<Named<ReclaimPolicy>> policies() {
    return Flavours.found(3).stream()
        .map(flavour -> Named.of(flavour.name(), flavour.create(ReclaimOptions.defaults())));
  }

  private final class Locked implements MmioHandler {
    @Override
    public long read(long offset, int size) {
      return offset;
    }

    @Override
    public void write(long offset, int size, long value) {}

    @Override
    public MmioRules rules() {
      return MmioRules.DEFAULT.withGuard(guard);
    }
  }

  /** Something that is done at each depth. */
  private interface Use {
    void once(MapReader reader, AddressSpace space);
  }

  private static void load(MapReader reader, AddressSpace space) {
    reader.load(space, 0x10, 4);
  }

  private static void callDevice(MapReader reader, AddressSpace space) {
    reader.load(space, 0x2000, 4);
    reader.store(space, 0x2000, 4, 1);
  }

  private static void crossIntoDevice(MapReader reader, AddressSpace space) {
    reader.load(space, 0x1fff, 4);
  }

  private static void change(MapReader reader, AddressSpace space) {
    reader.fetchAndOp(space, 0, 8, AtomicOp.ADD, 1);
    reader.fill(space, 0x100, 16, (byte) 1, MemTxAttrs.UNSPECIFIED);
  }

  private static void enter(MapReader reader, AddressSpace space) {
    try (ReadSection _ = reader.enter(); ReadSection _ = reader.enter()) {
      reader.translate(space, 0, 4, Access.READ);
      callDevice(reader, space);
    }
  }

  private static void map(MapReader reader, AddressSpace space) {
    Optional<MappedWindow> window =
        switch (space.map(0x1000, 16, Access.READ, MemTxAttrs.UNSPECIFIED)) {
          case MapResult.Whole whole -> Optional.of(whole.window());
          case MapResult.Part part -> Optional.of(part.window());
          default -> Optional.empty();
        };
    window.ifPresent(MappedWindow::close);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void whateverIsEnteredIsLeft(ReclaimPolicy policy) throws Exception {
    try (policy; MemorySystem memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      AddressSpace space = memory.addressSpace("memory", system);
      memory.update(tx -> tx
          .addSubregion(system, 0, memory.ram("ram", Size.kib(8)))
          .addSubregion(system, 0x2000, memory.mmio("device", Size.kib(4), new Locked())));
      for (Use use : new Use[] {
        StackOverflowTest::load, StackOverflowTest::callDevice, StackOverflowTest::crossIntoDevice,
        StackOverflowTest::change, StackOverflowTest::enter, StackOverflowTest::map
      }) {
        try (MapReader reader = memory.newReader("diver")) {
          reader.offline();
          assertLeaves(policy, memory, system, space, reader, use);
        }
      }
    }
  }

  private void assertLeaves(
      ReclaimPolicy policy, MemorySystem memory, MemoryRegion.Container system, AddressSpace space, MapReader reader,
      Use use)
      throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread diver = new Thread(null, () -> {
      try {
        for (int i = 0; i < DIVES; i++) {
          reader.online();
          assertTrue(dive(i, i, reader, space, use) > 0);
          assertFalse(guard.lock().isHeldByCurrentThread());
          assertFalse(policy.inSection());
          reader.offline();
          memory.begin().commit();
        }
        MemoryRegion.Ram ram = memory.ram("next", Size.kib(4));
        memory.update(tx -> tx.addSubregion(system, 0x10_0000, ram));
        CommitTicket gone = memory.update(tx -> tx.delSubregion(ram));
        gone.quiesced().toCompletableFuture().get(60, TimeUnit.SECONDS);
      } catch (Throwable e) {
        failure.set(e);
      }
    }, "diver", STACK);
    diver.start();
    diver.join();
    if (failure.get() != null) {
      throw new AssertionError("in the diver", failure.get());
    }
    reader.online();
    assertEquals(0, reader.load(space, 0x2000, 4));
  }

  /** Returns how deep it went. */
  private static int dive(long depth, int step, MapReader reader, AddressSpace space, Use use) {
    try {
      use.once(reader, space);
      return 1 + dive(depth + step, step, reader, space, use);
    } catch (StackOverflowError e) {
      return 1;
    }
  }
}
