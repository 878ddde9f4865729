package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The guarantees to writers: the map under construction is invisible (B3), no reader makes a commit wait (B5), spaces
 * and listeners come and go (B6), the writer may read meanwhile (B7), and a failure leaves the old map in force (B9).
 * The page {@code dispatch/GUARANTEES.md} has all of them, and the public thread of May 2013 from which they come.
 */
class WriterGuaranteesTest extends OnARacingMachine {

  @Test
  void b3BuildingTheNextGenerationIsInvisible() {
    place(0, mmio("uart", 0x100));
    long before = memory.generation();
    try (Transaction tx = memory.begin()) {
      tx.addSubregion(system, 0, mmio("overlay", 0x1000), 1);
      tx.plan();
      assertEquals("uart", who(0));
      assertEquals(before, memory.generation());
      assertView("0-ff uart @0");
    }
  }

  @Test
  void b3AnotherThreadSeesTheOldMapWhileListenersAreToldOfTheNew() {
    List<String> seen = new ArrayList<>();
    place(0, mmio("uart", 0x100));
    space.addListener(new MemoryListener() {
      @Override
      public void regionAdd(MemoryRegionSection section) {
        if (section.region().name().equals("overlay")) {
          join(Thread.ofPlatform().start(() -> seen.add(nameInOwnSection(memory.reader()))));
        }
      }
    });
    place(0, mmio("overlay", 0x1000), 1);
    assertEquals(List.of("uart"), seen);
    assertEquals("overlay", who(0));
  }

  private String nameInOwnSection(MapReader own) {
    try (ReadSection _ = own.enter()) {
      return name(own, space, 0);
    }
  }

  /** Each transaction passes through a state that must never show: no device at all. */
  @Test
  void b3NoReaderSeesAHalfDoneTransaction() {
    MemoryRegion uart = mmio("uart", 0x1000);
    MemoryRegion timer = mmio("timer", 0x1000);
    place(0, uart);
    race((_, i) -> {
      memory.update(tx -> {
        tx.delSubregion(system.children().getFirst());
        tx.plan();
        tx.addSubregion(system, 0, i % 2 == 0 ? timer : uart);
      });
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        assertTrue(own.translate(space, 0, 1, Access.READ).isAssigned(), "the hole shows");
      }
    });
  }

  /** The reader is this very thread and stays in its section: a commit that waited for it would never return. */
  @Test
  void b5CommitNeverWaitsForReaders() {
    MemoryRegion device = mmio("device", 0x100);
    place(0, device);
    policy.runGracePeriod();
    long reclaimed = memory.statistics().reclaimedGenerations();
    try (ReadSection _ = reader.enter()) {
      for (int i = 1; i <= 500; i++) {
        long offset = i * 0x1000L;
        memory.update(tx -> tx.setAddress(device, offset));
        policy.runGracePeriod();
      }
      assertEquals("device", who(0));
      assertEquals(500, policy.pending());
      assertEquals(reclaimed, memory.statistics().reclaimedGenerations());
    }
    policy.runGracePeriod();
    assertEquals(0, policy.pending());
    assertEquals(reclaimed + 500, memory.statistics().reclaimedGenerations());
  }

  @Test
  void b5UnderAPolicyWhoseGracePeriodNeverEndsEverythingButReclamationWorks() {
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
      DispatchMemory stuck = DispatchMemory.create(new ManualReclaimPolicy());
      MemoryRegion.Container root = stuck.container("root", Size.FULL);
      for (int i = 0; i < 200; i++) {
        MemoryRegion ram = stuck.ram("ram", Size.kib(4));
        AddressSpace brief = stuck.addressSpace("brief", root);
        stuck.update(tx -> tx.addSubregion(root, 0, ram));
        assertEquals(MemTxResult.OK, stuck.reader().store(brief, 0, 4, i));
        stuck.update(tx -> {
          tx.delSubregion(ram);
          ram.close();
        });
        brief.close();
      }
      stuck.close();
      assertEquals(200, stuck.statistics().ramBlocks());
      assertEquals(0, stuck.statistics().reclaimedGenerations());
    });
  }

  @Test
  void b6AddressSpacesAndListenersComeAndGoBetweenCommits() {
    MemoryRegion device = mmio("device", 0x100);
    place(0, device);
    race((_, i) -> {
      memory.update(tx -> tx.setAddress(device, 0x1000L * (i % 4)));
      policy.runGracePeriod();
    }, (own, _) -> {
      Tracker tracker = new Tracker();
      try (AddressSpace brief = memory.addressSpace("brief", system)) {
        try (AddressSpace.Registration _ = brief.addListener(tracker)) {
          assertEquals(1, brief.flatView().sections().size());
          try (ReadSection _ = own.enter()) {
            assertEquals(0, own.load(brief, 0x8000, 4));
          }
          assertEquals(1, tracker.sections.get());
        }
        assertEquals(0, tracker.sections.get());
      }
    });
    assertEquals(List.of(space), memory.addressSpaces());
  }

  /** Counts its calls; safe to look at between commits. */
  private static final class Tracker implements MemoryListener {
    private final AtomicLong sections = new AtomicLong();
    private long building;

    @Override
    public void regionAdd(MemoryRegionSection section) {
      building++;
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      building--;
    }

    @Override
    public void commit(MapChange change) {
      sections.set(building);
    }
  }

  @Test
  void b7TheWriterSeesTheOldGenerationInCallbacksUntilCommitAndThenTheNew() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    List<String> seen = new ArrayList<>();
    Diary listener = new Diary("L", 0, new ArrayList<>());
    space.addListener(listener);
    listener.before(entry -> {
      try (ReadSection _ = memory.reader().enter()) {
        seen.add(entry.split(" ")[1] + " " + memory.reader().generation() + " " + name(memory.reader(), space, 0) + " "
            + name(memory.reader(), space, 0x1000));
      }
    });
    long old = memory.generation();
    memory.update(tx -> tx.setAddress(uart, 0x1000));
    listener.before(_ -> {});
    String before = " " + old + " uart unassigned";
    assertEquals(
        List.of("plan" + before, "begin" + before, "del" + before, "add" + before,
            "commit " + (old + 1) + " unassigned uart"),
        seen);
  }

  @Test
  void b7AWriterInsideASectionKeepsItsGenerationThroughItsOwnCommit() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    List<String> seen = new ArrayList<>();
    Diary listener = new Diary("L", 0, new ArrayList<>());
    space.addListener(listener);
    listener.onceAt("commit", () -> seen.add(name(reader, space, 0)));
    try (ReadSection _ = reader.enter()) {
      remove(uart);
      assertEquals(List.of("uart"), seen);
      assertEquals("uart", name(reader, space, 0));
    }
  }

  @Test
  void b9AListenersExceptionLeavesTheOldGenerationInForce() {
    place(0, mmio("uart", 0x100));
    Diary listener = new Diary("L", 0, new ArrayList<>());
    space.addListener(listener);
    long before = memory.generation();
    listener.onceAt("add", () -> {
      throw new ArithmeticException("listener");
    });
    assertFault(MapFault.Id.LISTENER_FAILED, () -> place(0x1000, mmio("timer", 0x100)), "listener");
    assertEquals(before, memory.generation());
    assertView("0-ff uart @0");
    assertEquals(1, system.children().size());
  }

  @Test
  void b9ADevicesExceptionEndsItsAccessAndNothingElse() {
    place(0, memory.mmio("broken", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        throw new ArithmeticException("device");
      }

      @Override
      public void write(long offset, int size, long value) {
        memory.update(tx -> {
          tx.addSubregion(system, 0x8000, mmio("half done", 0x100));
          throw new ArithmeticException("device");
        });
      }
    }));
    long before = memory.generation();
    assertRefused(ArithmeticException.class, () -> load(0, 4), "device");
    assertRefused(ArithmeticException.class, () -> store(0, 4, 0), "device");
    assertEquals(0, policy.openSections());
    assertEquals(before, memory.generation());
    assertView("0-fff broken @0");
    assertEquals(1, system.children().size());
  }

  @Test
  void b9AMapThatCannotBeBuiltLeavesTheOldGenerationInForce() {
    place(0, mmio("uart", 0x100));
    MemoryRegion.Container loop = container("loop", 0x1000);
    AddressSpace other = memory.addressSpace("other", loop);
    long before = memory.generation();
    assertFault(MapFault.Id.ALIAS_RECURSION, () -> memory.update(tx -> tx
        .addSubregion(system, 0x1000, mmio("timer", 0x100))
        .addSubregion(loop, 0, alias("again", loop, 0, 0x1000))), "'loop'");
    assertEquals(before, memory.generation());
    assertView("0-ff uart @0");
    assertView(other);
    place(loop, 0, mmio("fine", 0x100));
    assertView(other, "0-ff fine @0");
  }

  /** Every other commit is refused by a listener that is called last; readers must never see one of those. */
  @Test
  void b9ARefusedCommitNeverShows() {
    MemoryRegion good = mmio("good", 0x100);
    MemoryRegion bad = mmio("bad", 0x100);
    place(0, good);
    space.addListener(new MemoryListener() {
      @Override
      public int priority() {
        return Integer.MAX_VALUE;
      }

      @Override
      public void regionAdd(MemoryRegionSection section) {
        if (section.region() == bad) {
          throw new ArithmeticException("refused");
        }
      }
    });
    race((_, i) -> {
      assertThrows(MapException.class, () -> place(0, bad, 1));
      memory.update(tx -> tx.setReadOnly(good, i % 2 == 0));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        assertEquals("good", name(own, space, 0));
      }
    });
  }
}
