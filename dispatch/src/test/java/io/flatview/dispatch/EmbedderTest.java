package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.DirtySnapshot;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.OpenBus;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What embedders would else keep beside the map. */
class EmbedderTest extends OnAMachine {

  @Test
  void anObjectOfTheEmbeddersIsFoundFromASection() {
    MemoryRegion device = mmio("device", 0x100);
    place(0x1000, device);
    assertNull(device.attachment());
    assertNull(device.attach("wait 3"));
    try (ReadSection _ = reader.enter()) {
      assertEquals("wait 3",
          reader.translate(space, 0x1010, 4, Access.READ).section().region().attachment());
    }
    assertEquals("wait 3", device.attach(7));
    assertEquals(7, device.attach(null));
    assertNull(device.attachment());
  }

  @Test
  void aPlacementThatWantsItsAddressesAloneNamesEverySiblingThere() {
    MemoryRegion first = mmio("first", 0x100);
    MemoryRegion second = mmio("second", 0x100);
    MemoryRegion third = mmio("third", 0x300);
    memory.update(tx -> tx.addDisjoint(system, 0x1000, first).addDisjoint(system, 0x1100, second)
        .setEnabled(second, false));
    MapException refused =
        assertThrows(MapException.class, () -> memory.update(tx -> tx.addDisjoint(system, 0x10ff, third)));
    assertEquals(List.of(MapFault.Id.OVERLAP, MapFault.Id.OVERLAP),
        refused.faults().stream().map(MapFault::id).toList());
    assertNames(refused, "'first'", "'second'", "'third'", "00000000000010ff-00000000000013fe",
        "0000000000001100-00000000000011ff");
    assertTrue(third.parent().isEmpty());
    memory.update(tx -> tx.addDisjoint(system, 0x1200, third));
    assertView("1000-10ff first @0", "1200-14ff third @0");
    assertFault(MapFault.Id.ALREADY_PLACED, () -> memory.update(tx -> tx.addDisjoint(system, 0, third)), "'third'");
  }

  @Test
  void theSectionsOfARangeAreThoseThatHaveAnAddressInIt() {
    for (int i = 0; i < 200; i++) {
      place(0x1000L * i, mmio("device " + i, 0x800));
    }
    FlatView view = space.flatView();
    for (AddressRange range : List.of(AddressRange.ALL, new AddressRange(0, 0), new AddressRange(0x800, 0xfff),
        new AddressRange(0x7ff, 0x1000), new AddressRange(0x5_0010, 0x6_0010), new AddressRange(0x80_0000, -1))) {
      List<MemoryRegionSection> expected =
          view.sections().stream().filter(section -> section.range().overlaps(range)).toList();
      assertEquals(expected, view.sections(range), range::toString);
    }
    assertEquals(17, view.sections(new AddressRange(0x5_0010, 0x6_0010)).size());
  }

  @Test
  void aSnapshotIsPutBackAndUnitedWithTheNext() {
    MemoryRegion.Ram ram = ram("ram", 0x10000);
    place(0, ram);
    DirtyClient client = memory.dirtyClient("migration");
    DirtyClient other = memory.dirtyClient("display");
    memory.update(tx -> tx.startLog(ram, client).startLog(ram, other));
    assertStores(0x2000, 1, 1);
    assertStores(0x9000, 1, 1);
    DirtySnapshot failed = client.snapshotAndClear(ram, 0x1000, 0xf000);
    other.snapshotAndClear(ram);
    assertStores(0x4000, 1, 1);
    DirtySnapshot next = client.snapshotAndClear(ram);
    DirtySnapshot both = next.union(failed);
    assertEquals(both.ranges().toList(), failed.union(next).ranges().toList());
    assertEquals(List.of(page(0x2000), page(0x4000), page(0x9000)), both.ranges().toList());
    assertEquals(2, failed.pages());
    client.putBack(failed);
    assertStores(0xa000, 1, 1);
    assertEquals(List.of(page(0x2000), new AddressRange(0x9000, 0xafff)),
        client.snapshotAndClear(ram).ranges().toList());
    assertEquals(List.of(page(0x4000), page(0xa000)), other.snapshotAndClear(ram).ranges().toList());
    assertRefused(IllegalArgumentException.class,
        () -> next.union(new DirtySnapshot(ram("another", 0x1000), 0, 0x1000, new BitSet())), "'another'");
  }

  private static AddressRange page(long offset) {
    return new AddressRange(offset, offset + 0xfff);
  }

  @Test
  void aHoleAnswersAsTheSpaceSaysAndIsADecodeErrorAllTheSame() {
    AddressSpace ones = memory.addressSpace("ones", system, AddressSpaceOptions.DEFAULT.withOpenBus(OpenBus.ONES));
    long[] latch = {0x12};
    AddressSpace last = memory.addressSpace("last", memory.alias("all", system, 0, Size.kib(64)),
        AddressSpaceOptions.DEFAULT.withAddressBits(16).withOpenBus((_, _) -> latch[0]));
    place(0x1000, ram("ram", 0x1000));
    place(0x5000, memory.reserved("reserved", Size.kib(4)));
    assertEquals(0xffff_ffffL, reader.load(ones, 0x2000, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertEquals(-1, reader.load(ones, 0x5000, 8));
    assertEquals(0xffff_0000L, reader.load(ones, 0x1ffe, 4));
    assertEquals(0, reader.load(ones, 0x1ff0, 4));
    assertEquals(MemTxResult.OK, reader.lastResult());
    latch[0] = 0x7a;
    assertEquals(0x7a, reader.load(last, 0x3000, 1));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    assertDecodeErrorOnLoad(0x2000, 4);
    byte[] bytes = new byte[4];
    reader.read(ones, 0x1ffe, MemorySegment.ofArray(bytes), MemTxAttrs.UNSPECIFIED);
    assertEquals(List.of(0, 0, -1, -1), List.of((int) bytes[0], (int) bytes[1], (int) bytes[2], (int) bytes[3]));
    assertEquals(MemTxResult.DECODE_ERROR, reader.peek(ones, 0x2000, MemorySegment.ofArray(bytes)));
    assertSame(OpenBus.ONES, ones.options().openBus());
  }
}
