package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.FlatViewDiff.Kind;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happened to each section, as data and as text; the batch form of a listener gets the same. */
class FlatViewDiffTest extends OnAMachine {

  private MemoryRegion.Ram ram;
  private MemoryRegion.Mmio device;

  @BeforeEach
  void aMachine() {
    ram = ram("ram", 0x4000);
    device = mmio("device", 0x100);
    memory.update(tx -> tx.addSubregion(system, 0, ram).addSubregion(system, 0x8000, device, 1));
  }

  private FlatViewDiff after(Consumer<Transaction> changes) {
    List<FlatViewDiff> heard = new ArrayList<>();
    FlatView before = space.flatView();
    try (AddressSpace.Registration _ = space.addListener(new MemoryListener() {
      @Override
      public void commit(MapChange change) {
        heard.add(change.diff());
      }
    })) {
      memory.update(changes);
      FlatViewDiff diff = FlatViewDiff.between(before, space.flatView());
      assertEquals(diff, heard.getLast(), "a listener hears the same");
      return diff;
    }
  }

  private String text(FlatViewDiff diff) {
    return memory.inspect().text(diff);
  }

  @Test
  void whatGoesAwayIsRemoved() {
    FlatViewDiff diff = after(tx -> tx.delSubregion(device));
    assertEquals(Kind.REMOVED, diff.changes().getFirst().kind());
    assertEquals("removed  0000000000008000-00000000000080ff (prio 0, i/o): device\n", text(diff));
  }

  @Test
  void whatAppearsIsAdded() {
    MemoryRegion.Rom rom = rom("rom", 0x1000);
    FlatViewDiff diff = after(tx -> tx.addSubregion(system, 0xf000, rom));
    assertEquals(Kind.ADDED, diff.changes().getFirst().kind());
    assertEquals("added    000000000000f000-000000000000ffff (prio 0, rom): rom\n", text(diff));
  }

  @Test
  void whatShowsElsewhereIsMoved() {
    FlatViewDiff diff = after(tx -> tx.setAddress(device, 0x9000));
    assertEquals(Kind.MOVED, diff.changes().getFirst().kind());
    assertEquals("moved    0000000000009000-00000000000090ff (prio 1, i/o): device,"
        + " from 0000000000008000-00000000000080ff\n", text(diff));
  }

  @Test
  void whatIsCoveredInTheMiddleIsResizedAndItsEndIsAdded() {
    FlatViewDiff diff = after(tx -> tx.setAddress(device, 0x1000));
    assertEquals("""
        resized  0000000000000000-0000000000000fff (prio 0, ram): ram, from 0000000000000000-0000000000003fff
        added    0000000000001100-0000000000003fff (prio 0, ram): ram @0000000000001100
        moved    0000000000001000-00000000000010ff (prio 1, i/o): device, from 0000000000008000-00000000000080ff
        """, text(diff));
    assertEquals(Kind.RESIZED, diff.changes().getFirst().kind());
  }

  @Test
  void whatGetsOtherAttributesIsAltered() {
    FlatViewDiff diff = after(tx -> tx.setReadOnly(ram, true).setNonVolatile(ram, true));
    assertEquals(Kind.ALTERED, diff.changes().getFirst().kind());
    assertEquals("altered  0000000000000000-0000000000003fff (prio 0, nv-rom): ram, now read-only, now non-volatile\n",
        text(diff));
  }

  @Test
  void theDocumentHoldsBothSides() {
    String compact = memory.inspect().json(after(tx -> tx.setAddress(device, 0x9000))).replaceAll("\\s+", "");
    assertEquals(0, compact.indexOf("{\"format\":\"flatview-diff-1\",\"changes\":[{\"change\":\"moved\","
        + "\"before\":{\"first\":\"0x0000000000008000\""), compact);
  }
}
