package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MapFault;
import io.flatview.memory.MapPlan;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a commit would change, told before it. */
class MapPlanTest extends OnAMachine {

  @Test
  void aPlanTellsWhatACommitWouldChange() {
    List<String> told = new ArrayList<>();
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, uart);
    space.addListener(new Diary("L", 0, told));
    told.clear();
    try (Transaction tx = memory.begin()) {
      MapPlan plan = tx.setAddress(uart, 0x1000).plan();
      assertEquals(1, plan.changes().size());
      assertEquals(List.of("0-ff uart @0"), Picture.of(plan.changes().getFirst().before()));
      assertEquals(List.of("1000-10ff uart @0"), Picture.of(plan.changes().getFirst().after()));
      assertEquals(List.of("0-ff uart @0"), Picture.of(plan.changes().getFirst().removed()));
      assertEquals(List.of("1000-10ff uart @0"), Picture.of(plan.changes().getFirst().added()));
      assertEquals(memory.generation() + 1, plan.changes().getFirst().generation());
      assertView("0-ff uart @0");
      assertEquals(List.of(), told);
      tx.commit();
    }
    assertView("1000-10ff uart @0");
  }

  @Test
  void aPlanIncludesWhatItIsNestedIn() {
    try (Transaction outer = memory.begin()) {
      outer.addSubregion(system, 0, mmio("outer", 0x100));
      try (Transaction nested = memory.begin()) {
        MapPlan plan = nested.addSubregion(system, 0x1000, mmio("nested", 0x100)).plan();
        assertEquals(List.of("0-ff outer @0", "1000-10ff nested @0"), Picture.of(plan.changes().getFirst().after()));
      }
    }
  }

  @Test
  void aPlanReadsAsText() {
    place(0x4000, mmio("far", 0x1000));
    try (Transaction tx = memory.begin()) {
      assertEquals("""
          address space 'memory' in generation 3: removed [], \
          added [0000000000001000-00000000000010ff uart @0000000000000000]""",
          tx.addSubregion(system, 0x1000, mmio("uart", 0x100)).plan().toString());
      assertEquals("view of 'system' (#2): [0000000000001000-00000000000010ff uart @0000000000000000, "
          + "0000000000004000-0000000000004fff far @0000000000000000]",
          tx.plan().changes().getFirst().after().toString());
    }
  }

  @Test
  void aPlanOfNothingIsEmpty() {
    try (Transaction tx = memory.begin()) {
      assertEquals(new MapPlan(List.of(), List.of()), tx.plan());
      assertEquals("no change", tx.plan().toString());
    }
  }

  @Test
  void aPlanNamesSiblingsThatOverlapWithEqualPriority() {
    place(0x1000, mmio("uart", 0x1000));
    place(0x4000, mmio("far", 0x1000));
    try (Transaction tx = memory.begin()) {
      MapPlan plan = tx.addSubregion(system, 0x1800, mmio("timer", 0x1000)).plan();
      assertEquals(List.of(MapFault.Id.EQUAL_PRIORITY_OVERLAP), plan.overlaps().stream().map(MapFault::id).toList());
      String message = plan.overlaps().getFirst().message();
      for (String named : List.of("'system'", "'uart'", "0000000000001000", "'timer'", "0000000000001800")) {
        assertTrue(message.contains(named), message);
      }
    }
  }

  @Test
  void aPlanNamesNoSiblingsThatPrioritiesTellApart() {
    place(0x1000, mmio("uart", 0x1000), 0);
    try (Transaction tx = memory.begin()) {
      assertEquals(List.of(), tx.addSubregion(system, 0x1800, mmio("timer", 0x1000), 1).plan().overlaps());
    }
  }

  @Test
  void aPlanThatCannotBeRenderedThrowsAndTheTransactionGoesOn() {
    MemoryRegion.Container loop = container("loop", 0x1000);
    MemoryRegion again = alias("again", loop, 0, 0x1000);
    try (Transaction tx = memory.begin()) {
      tx.addSubregion(system, 0, loop).addSubregion(loop, 0, again);
      assertFault(MapFault.Id.ALIAS_RECURSION, tx::plan);
      tx.delSubregion(again).addSubregion(loop, 0, mmio("uart", 0x100)).commit();
    }
    assertView("0-ff uart @0");
  }
}
