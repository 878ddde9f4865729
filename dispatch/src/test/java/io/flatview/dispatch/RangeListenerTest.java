package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A listener for a part of an address space, and the batch form. */
class RangeListenerTest extends OnAMachine {

  private final List<String> told = new ArrayList<>();
  private final MemoryRegion.Mmio near = mmio("near", 0x100);
  private final MemoryRegion.Mmio far = mmio("far", 0x100);

  private void placeBoth() {
    memory.update(tx -> tx.addSubregion(system, 0x1000, near).addSubregion(system, 0x8000, far));
  }

  @Test
  void sectionsThatTouchTheRangeAreTold() {
    placeBoth();
    AddressSpace.Registration registration =
        space.addListener(new Diary("L", 0, told), new AddressRange(0x10ff, 0x1fff));
    assertEquals(List.of("L begin", "L add 1000-10ff near @0", "L commit"), told);
    told.clear();
    memory.update(tx -> tx.setAddress(far, 0x9000));
    assertEquals(List.of("L plan", "L begin", "L nop 1000-10ff near @0", "L commit"), told);
    told.clear();
    memory.update(tx -> tx.setAddress(far, 0x1f80).setAddress(near, 0x3000));
    assertEquals(List.of("L plan", "L begin", "L del 1000-10ff near @0", "L add 1f80-207f far @0", "L commit"), told);
    told.clear();
    registration.close();
    assertEquals(List.of("L begin", "L del 1f80-207f far @0", "L commit"), told);
  }

  @Test
  void theChangeIsNarrowedAndTheViewsAreNot() {
    List<MapChange> heard = new ArrayList<>();
    space.addListener(MemoryListener.batch(heard::add), new AddressRange(0x1000, 0x1000));
    placeBoth();
    assertEquals(1, heard.getLast().added().size());
    assertEquals(2, heard.getLast().after().sections().size());
  }

  @Test
  void theBatchFormTellsAChangeOnceWithAllThatDiffers() {
    placeBoth();
    List<FlatViewDiff> heard = new ArrayList<>();
    space.addListener(MemoryListener.batch(change -> heard.add(change.diff())));
    heard.clear();
    memory.update(tx -> tx.setAddress(near, 0x2000).delSubregion(far));
    assertEquals(1, heard.size());
    assertEquals(List.of(FlatViewDiff.Kind.MOVED, FlatViewDiff.Kind.REMOVED),
        heard.getFirst().changes().stream().map(FlatViewDiff.Change::kind).toList());
  }

  @Test
  void oneListenerMayHaveSeveralRangesButEachOnce() {
    Diary listener = new Diary("L", 0, told);
    space.addListener(listener, new AddressRange(0, 0xfff));
    space.addListener(listener, new AddressRange(0x1000, 0x1fff));
    assertThrows(IllegalStateException.class, () -> space.addListener(listener, new AddressRange(0, 0xfff)));
  }
}
