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
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.EagerReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the framework must give a reader and a writer: B1 to B9. */
class SeedGuaranteesTest extends OnAMachine {

  private static final Duration LONG_ENOUGH = Duration.ofMillis(400);
  private static final Duration TOO_LONG = Duration.ofSeconds(20);

  /** Something done over and over by one thread. */
  private interface Round {
    void run(MapReader reader, int number) throws Exception;
  }

  /**
   * Repeats the writer's round against two threads that repeat the reader's, for a while and until all have done enough
   * to prove something; any failure of either is thrown.
   */
  private void race(Round writing, Round reading) {
    Race race = new Race();
    List<Thread> threads = List.of(
        race.start("writer", writing, race.writes),
        race.start("reader 1", reading, race.reads),
        race.start("reader 2", reading, race.reads));
    threads.forEach(SeedGuaranteesTest::join);
    if (race.failure.get() != null) {
      throw new AssertionError(race.failure.get());
    }
    assertTrue(race.hasProved(), () -> race.writes + " writes and " + race.reads + " reads prove nothing");
  }

  private final class Race {

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final long start = System.nanoTime();

    boolean hasProved() {
      return writes.get() >= 50 && reads.get() >= 50;
    }

    private boolean goesOn() {
      Duration spent = Duration.ofNanos(System.nanoTime() - start);
      return failure.get() == null
          && (spent.compareTo(LONG_ENOUGH) < 0 || !hasProved() && spent.compareTo(TOO_LONG) < 0);
    }

    Thread start(String name, Round round, AtomicLong rounds) {
      return Thread.ofPlatform().name(name).start(() -> {
        try (MapReader own = memory.newReader(name)) {
          for (int i = 0; goesOn(); i++) {
            round.run(own, i);
            rounds.incrementAndGet();
          }
        } catch (Throwable e) {
          failure.compareAndSet(null, e);
        }
      });
    }
  }

  private static void join(Thread thread) {
    try {
      assertTrue(thread.join(Duration.ofSeconds(30)), "stuck: " + thread);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String name(MapReader reader, AddressSpace space, long address) {
    return reader.translate(space, address, 1, Access.READ).section().region().name();
  }

  // B1

  /**
   * Two devices change places in each commit, by whole pages and by parts of a shared page. A reader that walked the
   * root of one generation through the nodes or sections of another would find a device twice, or not at all.
   */
  @Test
  void b1ATranslationSeesOneGenerationNeverAMix() {
    MemoryRegion a = mmio("a", 0x1000);
    MemoryRegion b = mmio("b", 0x1000);
    MemoryRegion c = mmio("c", 0x10);
    MemoryRegion d = mmio("d", 0x10);
    memory.update(tx -> tx
        .addSubregion(system, 0x1000, a)
        .addSubregion(system, 0xffff_0000_0000_0000L, b)
        .addSubregion(system, 0x8000, c)
        .addSubregion(system, 0x8100, d));
    race((_, i) -> {
      boolean swapped = i % 2 == 0;
      memory.update(tx -> tx
          .setAddress(a, swapped ? 0xffff_0000_0000_0000L : 0x1000)
          .setAddress(b, swapped ? 0x1000 : 0xffff_0000_0000_0000L)
          .setAddress(c, swapped ? 0x8100 : 0x8000)
          .setAddress(d, swapped ? 0x8000 : 0x8100));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        String seen = name(own, space, 0x1000) + name(own, space, 0x8000) + name(own, space, 0xffff_0000_0000_0000L)
            + name(own, space, 0x8100);
        assertTrue(seen.equals("acbd") || seen.equals("bdac"), seen);
      }
    });
  }

  // B2

  @Test
  void b2WhatAReaderSeesStaysValidUntilItsSectionEndsAndIsReclaimedSoonAfter() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 8, 0x1122_3344_5566_7788L);
    try (ReadSection _ = reader.enter()) {
      Translation t = reader.translate(space, 0, 8, Access.READ);
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      policy.runGracePeriod();
      assertEquals("ram", t.section().region().name());
      assertLoads(0x1122_3344_5566_7788L, 0, 8);
      assertEquals(1, memory.statistics().ramBlocks());
    }
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks());
  }

  @Test
  void b2NestedSectionsKeepWhatTheOutermostSees() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (ReadSection _ = reader.enter()) {
      reader.enter().close();
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      reader.enter().close();
      policy.runGracePeriod();
      assertLoads(0x1234, 0, 4);
    }
  }

  /** Memory comes and goes under readers; each block holds its number, and a freed one would throw. */
  @Test
  void b2MemoryIsNeverTakenFromUnderAReader() {
    AtomicReference<MemoryRegion> present = new AtomicReference<>();
    race((own, i) -> {
      MemoryRegion next = ram("ram " + i, 0x1000);
      MemoryRegion old = present.getAndSet(next);
      memory.update(tx -> {
        if (old != null) {
          tx.delSubregion(old);
          old.close();
        }
        tx.addSubregion(system, 0, next);
      });
      own.store(space, 0, 8, i);
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        long first = own.load(space, 0, 8);
        Thread.yield();
        long second = own.load(space, 0, 8);
        assertTrue(second == first || first == 0, () -> first + " became " + second);
      }
    });
  }

  /** The same under a policy that waits for nobody must fail, or the tests above have no teeth. */
  @Test
  void b2APolicyThatWaitsForNobodyIsCaught() {
    try (DispatchMemory unsafe = DispatchMemory.create(new EagerReclaimPolicy())) {
      MemoryRegion.Ram ram = unsafe.ram("ram", Size.kib(4));
      MemoryRegion.Container root = unsafe.container("root", Size.FULL);
      AddressSpace dma = unsafe.addressSpace("dma", root);
      unsafe.update(tx -> tx.addSubregion(root, 0, ram));
      MapReader careless = unsafe.reader();
      careless.store(dma, 0, 4, 0x1234);
      try (ReadSection _ = careless.enter()) {
        unsafe.update(tx -> {
          tx.delSubregion(ram);
          ram.close();
        });
        assertThrows(IllegalStateException.class, () -> careless.load(dma, 0, 4));
      }
    }
  }

  // B3

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

  // B4

  /** Writer: commit, then tell. Reader: hear, then enter. It must not find an older generation than it heard of. */
  @Test
  void b4AfterCommitReturnsEverySectionEnteredLaterSeesTheNewGeneration() {
    MemoryRegion device = mmio("device", 0x100);
    place(0, device);
    AtomicLong told = new AtomicLong(memory.generation());
    race((_, i) -> {
      long offset = 0x1000L * (i % 16);
      told.set(memory.update(tx -> tx.setAddress(device, offset)).generation());
      policy.runGracePeriod();
    }, (own, _) -> {
      long heard = told.get();
      try (ReadSection _ = own.enter()) {
        assertTrue(own.generation() >= heard, () -> "heard of " + heard + ", saw " + own.generation());
      }
    });
  }

  @Test
  void b4GenerationsNeverGoBackForOneReader() {
    MemoryRegion device = mmio("device", 0x100);
    place(0, device);
    ThreadLocal<Long> last = ThreadLocal.withInitial(() -> 0L);
    race((_, i) -> {
      memory.update(tx -> tx.setAddress(device, 0x1000L * (i % 16)));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        assertTrue(own.generation() >= last.get());
        last.set(own.generation());
      }
    });
  }

  // B5

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

  // B6

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

  /** Counts what it was told of; safe to look at between commits. */
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

  // B7

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

  // B8

  /**
   * Two spaces change together; the first leads into the second through an IOMMU. With a pointer for each space a
   * reader could leave the old first space and arrive in the new second one.
   */
  @Test
  void b8AHopBetweenSpacesSeesBothInOneGeneration() {
    MemoryRegion.Container target = memory.container("target", Size.FULL);
    MemoryRegion[] here = {mmio("even", 0x1000), mmio("odd", 0x1000)};
    MemoryRegion[] there = {mmio("even", 0x1000), mmio("odd", 0x1000)};
    AddressSpace far = memory.addressSpace("far", target);
    MemoryRegion iommu = memory.iommu("iommu", Size.kib(4), (_, _, _, _, entry) -> {
      Thread.yield();
      entry.grant(far, 0, 0xfff, true, true);
    });
    memory.update(tx -> tx
        .addSubregion(system, 0, here[0])
        .addSubregion(system, 0x8000, iommu)
        .addSubregion(target, 0, there[0]));
    race((_, i) -> {
      int next = (i + 1) % 2;
      memory.update(tx -> tx
          .delSubregion(here[i % 2]).addSubregion(system, 0, here[next])
          .delSubregion(there[i % 2]).addSubregion(target, 0, there[next]));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        String near = name(own, space, 0);
        assertEquals(near, name(own, space, 0x8000));
        assertEquals(near, name(own, far, 0));
      }
    });
  }

  // B9

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

  /** Every other commit is refused by a listener that is told last; readers must never see one of those. */
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
