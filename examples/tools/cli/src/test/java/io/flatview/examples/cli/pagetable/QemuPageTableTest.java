package io.flatview.examples.cli.pagetable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.cli.machine.MachineBuilder;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QemuPageTableTest {

  private static final int PAGE = 4096;

  private final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.FULL);

  @AfterEach
  void close() {
    memory.close();
    policy.close();
  }

  private MemoryRegion device(String name, long size) {
    return memory.mmio(name, Size.bytes(size), MachineBuilder.SILENT);
  }

  private QemuPageTable.Shape shape(Consumer<Transaction> map) {
    memory.update(map);
    return shape(system);
  }

  private QemuPageTable.Shape shape(MemoryRegion root) {
    return QemuPageTable.of(PAGE, memory.addressSpace("memory", root).flatView().shown()).shape();
  }

  @Test
  void anEmptyTableIsTheUnassignedSectionAlone() {
    assertEquals(new QemuPageTable.Shape(1, 0, 0, 0), shape(system));
  }

  /** Unassigned; shared page, head; pages; shared page, tail. */
  @Test
  void aSectionIsCutIntoHeadPagesAndTail() {
    QemuPageTable.Shape shape = shape(tx -> tx.addSubregion(system, 0x0800, device("device", 0x3000)));
    assertEquals(6, shape.sections());
    assertEquals(2, shape.subPages());
  }

  @Test
  void aPageSharedByManySectionsIsMadeOnce() {
    QemuPageTable.Shape shape = shape(tx -> {
      for (int i = 0; i < 16; i++) {
        tx.addSubregion(system, 0x5000 + i * 0x100, device("device " + i, i % 2 == 0 ? 0x100 : 0x80));
      }
    });
    assertEquals(1, shape.subPages());
    assertEquals(1 + 1 + 16, shape.sections());
  }

  @Test
  void aHeadAndATailMayShareTheirPagesWithNeighbours() {
    assertEquals(2, shape(tx -> tx
        .addSubregion(system, 0x0000, device("left", 0x1800))
        .addSubregion(system, 0x1800, device("middle", 0x1000))
        .addSubregion(system, 0x2800, device("right", 0x1800))).subPages());
  }

  @Test
  void largeAlignedRunsAreEntriesOfUpperLevels() {
    QemuPageTable.Shape shape = shape(tx -> tx.addSubregion(system, 0, device("huge", 1L << 48)));
    assertEquals(2, shape.sections());
    assertTrue(shape.nodes() <= 2, shape::toString);
  }

  @Test
  void aDeviceOf2To64IsOneSection() {
    QemuPageTable.Shape shape = shape(memory.mmio("all", Size.FULL, MachineBuilder.SILENT));
    assertEquals(2, shape.sections());
    assertEquals(0, shape.subPages());
  }

  @Test
  void levelsWithASingleWayOnAreSkipped() {
    QemuPageTable.Shape shape = shape(tx -> tx
        .addSubregion(system, 0x1_2345_6000L, device("a", 0x1000))
        .addSubregion(system, 0x1_2345_8000L, device("b", 0x1000)));
    assertEquals(6, shape.nodes());
    assertEquals(1, shape.depth());
  }

  @Test
  void pathsOfDifferentDepthLiveTogether() {
    assertEquals(6, shape(tx -> {
      for (int bit = 12; bit < 64; bit++) {
        tx.addSubregion(system, 1L << bit, device("at 2^" + bit, 0x1000));
      }
    }).depth());
  }

  @Test
  void aTextHasTheTableBelowEachViewThatShowsSomething() {
    memory.update(tx -> tx.addSubregion(system, 0, device("low", 0x1000)));
    List<AddressSpace> spaces = List.of(
        memory.addressSpace("memory", system),
        memory.addressSpace("again", system),
        memory.addressSpace("empty", memory.container("bus", Size.kib(4))));
    String text = DispatchText.below(memory.inspect().flatViews(), spaces, PAGE);
    assertTrue(text.startsWith("""
        FlatView #0
         AS "memory", root: system
         AS "again", root: system
         Root memory region: low
          0000000000000000-0000000000000fff (prio 0, i/o): low
          Dispatch
            Physical sections
              #0 @0000000000000000..ffffffffffffffff (noname) [unassigned]
              #1 @0000000000000000..0000000000000fff low [ROOT]
            Nodes (9 bits per level, 6 levels) ptr=[5] skip=6
              [0]
        """), text);
    assertTrue(text.endsWith("""

        FlatView #1
         AS "empty", root: bus
         Root memory region: (none)
          No rendered FlatView

        """), text);
  }
}
