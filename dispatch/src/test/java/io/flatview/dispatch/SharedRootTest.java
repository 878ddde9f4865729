package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Address spaces that show the same share its view, its page table and its place in the generations. */
class SharedRootTest extends OnAMachine {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MANY = 297;
  private static final int COMMITS = 200;

  private final List<String> called = new ArrayList<>();

  private MemoryListener listener() {
    return new MemoryListener() {
      @Override
      public void commit(MapChange change) {
        called.add(change.addressSpace().name() + " +" + change.added().size() + " -" + change.removed().size());
      }
    };
  }

  /** A space of a bus master, which shows the system through an alias while it is on. */
  private MemoryRegion busMaster(String name) {
    MemoryRegion.Container root = memory.container("root of " + name, Size.FULL);
    MemoryRegion.Alias all = memory.alias("system for " + name, system, 0, Size.FULL);
    memory.update(tx -> tx.addSubregion(root, 0, all).setEnabled(all, false));
    memory.addressSpace(name, root);
    return all;
  }

  private AddressSpace opened(String name) {
    return memory.addressSpaces().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  /** What one of many commits allocates that toggle a region. */
  private long bytesOfACommit(MemoryRegion toggled) {
    long before = 0;
    for (int i = -COMMITS; i < COMMITS; i++) {
      before = i == 0 ? THREADS.getThreadAllocatedBytes(Thread.currentThread().threadId()) : before;
      enable(toggled, i % 2 == 0);
      policy.runGracePeriod();
    }
    return (THREADS.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before) / COMMITS;
  }

  @Test
  void spacesOnOneRootCostACommitNothing() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    place(0x2000, mmio("rtc", 0x100));
    long alone = bytesOfACommit(uart);
    for (int i = 0; i < MANY; i++) {
      memory.addressSpace("same" + i, system);
    }
    long many = bytesOfACommit(uart);
    assertTrue(many < alone + alone / 4, alone + " bytes with one space, " + many + " with " + MANY + " more");
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  @Test
  void busMastersThatAreOnCostACommitNothing() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0x1000, uart);
    place(0x2000, mmio("rtc", 0x100));
    long alone = bytesOfACommit(uart);
    for (int i = 0; i < MANY; i++) {
      enable(busMaster("dma" + i), true);
    }
    long many = bytesOfACommit(uart);
    assertTrue(many < alone + alone / 4, alone + " bytes with one space, " + many + " with " + MANY + " bus masters");
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  @Test
  void ofSpacesThatShareARootThoseWithListenersAreCalled() {
    place(0x2000, mmio("rtc", 0x100));
    MemoryRegion on = busMaster("dma");
    AddressSpace other = memory.addressSpace("other", system);
    other.addListener(listener());
    opened("dma").addListener(listener());
    called.clear();
    enable(on, true);
    assertEquals(List.of("dma +1 -0"), called);
    called.clear();
    place(0x1000, mmio("uart", 0x100));
    assertEquals(List.of("other +1 -0", "dma +1 -0"), called);
    called.clear();
    try (Transaction tx = memory.begin()) {
      tx.setEnabled(on, false).addSubregion(system, 0x3000, mmio("timer", 0x100)).commit();
    }
    assertEquals(List.of("other +1 -0", "dma +0 -2"), called);
  }

  @Test
  void aSpaceThatTurnsToAnotherRootStaysWhereItWasForPresentSections() {
    MemoryRegion on = busMaster("dma");
    AddressSpace dma = opened("dma");
    place(0x1000, mmio("uart", 0x100));
    enable(on, true);
    try (ReadSection _ = reader.enter()) {
      enable(on, false);
      enable(on, true);
      enable(on, false);
      assertTrue(reader.translate(dma, 0x1000, 1, Access.READ).isAssigned());
    }
    try (ReadSection _ = reader.enter()) {
      assertFalse(reader.translate(dma, 0x1000, 1, Access.READ).isAssigned());
    }
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  @Test
  void aSlotIsGivenOnAtOnceAndReadersOfOlderGenerationsSeeWhatWasThere() {
    AddressSpace first = memory.addressSpace("first", mmio("uart", 0x100));
    AddressSpace second;
    try (ReadSection _ = reader.enter()) {
      first.close();
      second = memory.addressSpace("second", mmio("timer", 0x100));
      assertEquals("uart", reader.translate(first, 0, 1, Access.READ).section().region().name());
      assertFalse(reader.translate(second, 0, 1, Access.READ).isAssigned());
    }
    try (ReadSection _ = reader.enter()) {
      assertFalse(reader.translate(first, 0, 1, Access.READ).isAssigned());
      assertEquals("timer", reader.translate(second, 0, 1, Access.READ).section().region().name());
    }
  }

  @Test
  void theLastSpaceOfARootTakesItsMemoryWithIt() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    AddressSpace first = memory.addressSpace("first", ram);
    AddressSpace second = memory.addressSpace("second", ram);
    first.close();
    second.close();
    ram.close();
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks());
  }

  @Test
  void aTurnThatShowsTheSamePublishesNothingAndIsKeptForTheNextCommit() {
    MemoryRegion.Container board = container("board", 0x10000);
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(board, 0, ram);
    place(board, 0x8000, mmio("uart", 0x100));
    MemoryRegion.Container passed = container("passed", 0x10000);
    place(passed, 0, board);
    AddressSpace stays = memory.addressSpace("stays", passed);
    MemoryRegion.Container other = container("other", 0x10000);
    MemoryRegion.Alias all = alias("all", board, 0, 0x10000);
    place(other, 0, all);
    AddressSpace turns = memory.addressSpace("turns", other);
    long before = memory.generation();
    memory.update(tx -> tx.setUnmergeable(all, true));
    memory.update(tx -> tx.setUnmergeable(all, false));
    memory.update(tx -> tx.setNonVolatile(all, true));
    assertEquals(before + 3, memory.generation());
    memory.update(tx -> tx.setNonVolatile(all, false));
    MemoryRegion.Container empty = container("empty", 0x1000);
    AddressSpace nothing = memory.addressSpace("nothing", empty);
    before = memory.generation();
    memory.update(tx -> tx.setEnabled(empty, false));
    memory.update(tx -> tx.setEnabled(empty, true));
    assertEquals(before, memory.generation());
    MemoryRegion.Ram more = ram("more", 0x100);
    memory.update(tx -> tx.addSubregion(board, 0x4000, more));
    place(empty, 0x100, mmio("timer", 0x100));
    assertView(stays, "0-fff ram @0", "4000-40ff more @0", "8000-80ff uart @0");
    assertView(turns, "0-fff ram @0", "4000-40ff more @0", "8000-80ff uart @0");
    assertView(nothing, "100-1ff timer @0");
    assertEquals(List.of(), memory.compareWithRebuild());
  }
}
