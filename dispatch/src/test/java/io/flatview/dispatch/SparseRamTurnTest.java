package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A discard listener is called while other threads wait for the turn, and so must not wait for what they hold. */
@Timeout(180)
class SparseRamTurnTest extends OnTwoThreads {

  private static final long G = 0x1000;
  private static final long SIZE = 0x4000;

  private final MemoryRegion.Ram ram = ram("dimm", SIZE);
  private final RamDiscardManager manager = ram.newDiscardManager(G);

  private static MemoryRegionSection whole(MemoryRegion.Ram of) {
    return new MemoryRegionSection(new AddressRange(0, SIZE - 1), of, 0, SectionAttributes.NONE);
  }

  /** The callback has the turn, waits until the other thread holds something, and then does its work. */
  private void listen(Runnable work) {
    Mapper mapper = new Mapper();
    mapper.onPopulate = _ -> {
      if (held.getCount() > 0) {
        inTurn.countDown();
        await(held);
        pause();
        work.run();
      }
    };
    manager.addListener(mapper, whole(ram));
  }

  private static Object plug(RamDiscardManager of) {
    of.populate(0, G);
    return nothing();
  }

  /** As a mapper does: it registers with the map's lock held, in its callback for a section of the memory. */
  @Test
  void aCallbackCommitsWhenItsTurnHasEndedBesideACommitThatRegisters() throws Exception {
    Mapper late = new Mapper();
    MemoryRegion other = ram("other", G);
    listen(() -> memory.update(tx -> tx.addSubregion(system, 0x8000, other)));
    space.addListener(new MemoryListener() {
      @Override
      public void regionAdd(MemoryRegionSection section) {
        if (section.region() == ram) {
          manager.addListener(late, section);
        }
      }
    });
    settleDown(() -> plug(manager), () -> inTransaction(() ->
        memory.update(tx -> tx.addSubregion(system, 0, ram))));
    assertTrue(space.flatView().find(0x8000).isPresent());
    assertEquals(List.of("+0-fff"), late.told());
  }

  @Test
  void aTransactionThatReplaysOrChangesWaitsForTheTurnAndNotForEver() throws Exception {
    List<String> parts = new ArrayList<>();
    MemoryRegion other = ram("other", G);
    listen(() -> memory.update(tx -> tx.addSubregion(system, 0x8000, other)));
    settleDown(() -> plug(manager), () -> inTransaction(() -> {
      manager.replayPopulated(whole(ram), part -> parts.add(Mapper.offsets(part)));
      manager.discard(0, G);
    }));
    assertEquals(List.of("0-fff"), parts);
    assertTrue(space.flatView().find(0x8000).isPresent());
  }

  @Test
  void ofTwoMemoriesWhoseListenersChangeEachOtherOneIsRefusedWithBothNames() throws Exception {
    MemoryRegion.Ram twin = ram("twin", SIZE);
    RamDiscardManager mirrored = twin.newDiscardManager(G);
    listen(() -> plug(mirrored));
    Mapper mirror = new Mapper();
    mirror.onPopulate = _ -> {
      if (held.getCount() > 0) {
        held.countDown();
        plug(manager);
      }
    };
    mirrored.addListener(mirror, whole(twin));
    ExecutionException refused = assertThrows(ExecutionException.class, () -> settleDown(() -> plug(manager), () -> {
      await(inTurn);
      return plug(mirrored);
    }));
    Throwable veto = assertInstanceOf(MapException.class, refused.getCause()).getCause();
    assertInstanceOf(IllegalStateException.class, veto);
    assertTrue(veto.getMessage().contains("'dimm'") && veto.getMessage().contains("'twin'"), veto.getMessage());
  }

  /** As virtio-mem, whose guest asks for memory by its registers. */
  @Test
  void aCallbackIsRefusedTheDeviceThatWaitsForItsTurn() throws Exception {
    MmioRules rules = MmioRules.DEFAULT.withGuard(new DeviceGuard("virtio-mem", Locking.DEVICE, Reentrancy.REJECT));
    memory.update(tx -> tx.addSubregion(system, 0x8000, memory.mmio("virtio-mem", Size.kib(4), new MmioHandler() {
      @Override
      public MmioRules rules() {
        return rules;
      }

      @Override
      public long read(long offset, int size) {
        return 1;
      }

      @Override
      public void write(long offset, int size, long value) {
        held.countDown();
        manager.populate(0x1000, G);
      }
    })));
    List<MemTxResult> results = new ArrayList<>();
    listen(() -> {
      MapReader own = memory.reader();
      own.load(space, 0x8000, 4);
      results.add(own.lastResult());
    });
    settleDown(() -> plug(manager), () -> {
      await(inTurn);
      try (MapReader guest = memory.newReader("guest")) {
        return guest.store(space, 0x8000, 4, 1);
      }
    });
    assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
    assertTrue(manager.isPopulated(0, 0x2000));
  }
}
