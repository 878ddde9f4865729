package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.dirty.DirtyLog;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.DirtySnapshot;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which writes are noted for which client, and which of them a snapshot takes. */
class DirtyTrackingTest extends OnAMachine {

  private final DirtyClient vga = memory.dirtyClient("vga");
  private final DirtyClient migration = memory.dirtyClient("migration");
  private final MemoryRegion.Ram ram = ram("ram", 0x10_0000);

  private void log(DirtyClient... clients) {
    for (DirtyClient client : clients) {
      memory.update(tx -> tx.startLog(ram, client));
    }
  }

  private static String ranges(DirtySnapshot snapshot) {
    return String.join(" ", snapshot.ranges()
        .map(range -> Long.toHexString(range.first()) + "-" + Long.toHexString(range.last())).toList());
  }

  private void assertTakes(String ranges, DirtyClient client) {
    assertEquals(ranges, ranges(client.snapshotAndClear(ram)));
    assertTrue(client.snapshotAndClear(ram).isEmpty());
  }

  @Test
  void nothingIsNotedBeforeLoggingStarts() {
    place(0, ram);
    assertStores(0, 8, 1);
    assertTakes("", vga);
    log(vga);
    assertTakes("", vga);
  }

  @Test
  void everyWriteIsNotedInItsPage() {
    place(0x10_0000, ram);
    log(vga);
    assertStores(0x10_0000, 1, 1);
    assertStores(0x10_3ffc, 8, -1);
    assertStores(0x1f_ffff, 1, 1);
    assertTakes("0-fff 3000-4fff ff000-fffff", vga);
    assertLoads(0xffff_ffffL, 0x10_3ffc, 4);
    assertTakes("", vga);
  }

  @Test
  void memoryThatIsLoggedHasNoDirectWritesAndOtherwiseDoes() {
    place(0, ram);
    assertNotNull(direct());
    log(vga);
    assertNull(direct());
    memory.update(tx -> tx.stopLog(ram, vga));
    assertNotNull(direct());
    assertStores(0, 1, 1);
    assertTakes("", vga);
  }

  private MemorySegment direct() {
    try (ReadSection _ = reader.enter()) {
      return reader.translate(space, 0, 8, Access.WRITE).memory();
    }
  }

  @Test
  void eachClientHasMarksOfItsOwn() {
    place(0, ram);
    log(vga, migration);
    assertEquals(vga.mask() | migration.mask(), ram.dirtyLogMask());
    assertStores(0, 1, 1);
    assertTakes("0-fff", vga);
    assertStores(0x1000, 1, 1);
    assertTakes("1000-1fff", vga);
    assertTakes("0-1fff", migration);
    memory.update(tx -> tx.stopLog(ram, vga));
    assertStores(0x2000, 1, 1);
    assertTakes("", vga);
    assertTakes("2000-2fff", migration);
  }

  @Test
  void theOwnersWritesAreNoted() {
    place(0, ram);
    log(vga);
    ram.copyIn(0xfff, MemorySegment.ofArray(new byte[2]));
    assertTakes("0-1fff", vga);
    ram.discard(0x4000, 0x1001);
    assertTakes("4000-5fff", vga);
    ram.copyIn(0x8000, MemorySegment.ofArray(new byte[0]));
    assertTakes("", vga);
  }

  @Test
  void aWindowIsNotedWhenItEndsEvenIfLoggingStartedMeanwhile() {
    place(0, ram);
    MappedWindow window = space.map(0x1000, 0x3000, Access.WRITE).whole();
    log(vga);
    assertTakes("", vga);
    window.unmap(0x1001);
    assertTakes("1000-2fff", vga);
    MappedWindow givenUp = space.map(0x1000, 0x3000, Access.WRITE).whole();
    assertThrows(IllegalStateException.class, givenUp::close);
    assertTakes("1000-3fff", vga);
    space.map(0, 0x1000, Access.READ).whole().close();
    assertTakes("", vga);
  }

  @Test
  void aSnapshotOfARangeLeavesOtherPages() {
    place(0, ram);
    log(vga);
    for (long page = 0; page < 0x100; page++) {
      assertStores(page << 12, 1, 1);
    }
    DirtySnapshot part = vga.snapshotAndClear(ram, 0x3_f801, 0x2_0000);
    assertEquals("3f000-5ffff", ranges(part));
    assertEquals(0x21, part.pages());
    assertTrue(part.isDirty(0x3_f000));
    assertFalse(part.isDirty(0x3_efff));
    assertTrue(part.isDirty(0x5_ffff));
    assertFalse(part.isDirty(0x6_0000));
    assertTakes("0-3efff 60000-fffff", vga);
  }

  @Test
  void aSnapshotOfAddressesAsksEachMemoryOnce() {
    MemoryRegion.Ram other = ram("other", 0x4000);
    memory.update(tx -> tx.addSubregion(system, 0x1000, ram).addSubregion(system, 0x20_0000, other)
        .addSubregion(system, 0x30_0000, alias("window", ram, 0x8000, 0x1000)).startLog(ram, vga)
        .startLog(other, vga));
    assertStores(0x1000, 1, 1);
    assertStores(0x30_0000, 1, 1);
    assertStores(0x20_3000, 1, 1);
    List<String> found = new ArrayList<>();
    for (DirtySnapshot snapshot : vga.snapshotAndClear(space, new AddressRange(0x2000, 0x30_0fff))) {
      found.add(snapshot.region().name() + " " + ranges(snapshot));
    }
    assertEquals(List.of("ram 8000-8fff", "other 3000-3fff"), found);
    assertEquals(List.of(), vga.snapshotAndClear(space, new AddressRange(0x2000, 0x30_0fff)));
    assertTakes("0-fff", vga);
  }

  @Test
  void loggingThatIsTakenBackHasNotStarted() {
    place(0, ram);
    try (var tx = memory.begin()) {
      tx.startLog(ram, vga);
    }
    assertEquals(0, ram.dirtyLogMask());
    assertNotNull(direct());
  }

  @Test
  void memoryThatGrowsIsNotedThereToo() {
    MemoryRegion.Ram growing = memory.ram("growing", RamBacking.resizable(Size.kib(4), Size.gib(4)));
    memory.update(tx -> tx.addSubregion(system, 0, growing).startLog(growing, vga).setSize(growing, Size.gib(4)));
    assertStores(0xffff_ffffL, 1, 1);
    assertEquals("fffff000-ffffffff", ranges(vga.snapshotAndClear(growing)));
  }

  @Test
  void namesAndBitsOfClientsAreTheirsUntilTheyClose() {
    assertRefused(IllegalStateException.class, () -> memory.dirtyClient("vga"), "'vga'", "0x1");
    place(0, ram);
    log(vga);
    assertStores(0, 1, 1);
    vga.close();
    vga.close();
    assertRefused(IllegalStateException.class, () -> vga.snapshotAndClear(ram), "'vga'", "closed");
    DirtyClient again = memory.dirtyClient("vga");
    assertEquals(vga.mask(), again.mask());
    assertTakes("", again);
  }

  /** Of as many clients as there can be; a mask that is too narrow gives a client the bit of another. */
  @Test
  void eachClientGetsTheMarksThatAreMadeForIt() {
    place(0, ram);
    List<DirtyClient> clients = new ArrayList<>(List.of(vga, migration));
    while (clients.size() < DirtyLog.CLIENTS) {
      clients.add(memory.dirtyClient("client " + clients.size()));
    }
    assertRefused(IllegalStateException.class, () -> memory.dirtyClient("one more"),
        "'one more'", Integer.toString(DirtyLog.CLIENTS));
    for (DirtyClient client : clients) {
      log(client);
      assertStores(0x1000, 1, 1);
      clients.forEach(other -> assertTakes(other == client ? "1000-1fff" : "", other));
      memory.update(tx -> tx.stopLog(ram, client));
    }
  }

  @Test
  void aRangeOutsideTheMemoryIsRefusedAndTakesNothing() {
    place(0, ram);
    log(vga);
    assertStores(0xf_ffff, 1, 1);
    assertRefused(IndexOutOfBoundsException.class, () -> vga.snapshotAndClear(ram, 0xf_f000, 0x1001), "'ram'");
    assertTakes("ff000-fffff", vga);
    remove(ram);
    ram.close();
    assertRefused(IllegalStateException.class, () -> vga.snapshotAndClear(ram), "'ram'", "closed");
  }

  @Test
  void morePagesThanASnapshotHoldsAreRefusedAndKeepTheirMarks() {
    long size = 1L << 43;
    MemoryRegion.Ram huge = ram("huge", size);
    memory.update(tx -> tx.addSubregion(system, 0, ram).addSubregion(system, size, huge).startLog(huge, vga)
        .startLog(ram, vga));
    assertStores(0, 1, 1);
    IllegalArgumentException refusal = assertRefused(IllegalArgumentException.class, () -> vga.snapshotAndClear(huge),
        "'huge'", "0000000000000000-000007ffffffffff", "2147483648 pages of 4096 bytes",
        "parts of 0x7ffffffe000 bytes");
    assertEquals(refusal.getMessage(), assertThrows(IllegalArgumentException.class,
        () -> vga.snapshotAndClear(space, AddressRange.ALL)).getMessage());
    assertTakes("0-fff", vga);
    assertEquals(0, vga.snapshotAndClear(huge, 0x1fff, 0x7ff_ffff_e001L).pages());
    assertRefused(IllegalArgumentException.class, () -> vga.snapshotAndClear(huge, 0xfff, 0x7ff_ffff_f001L), "'huge'");
  }

  private List<String> sunk(DirtyClient client) {
    List<String> marks = new ArrayList<>();
    client.markInto(ram, (offset, length) ->
        marks.add(Long.toHexString(offset) + "+" + Long.toHexString(length)));
    return marks;
  }

  @Test
  void aSinkTakesEveryMarkOfItsMemoryAndClient() {
    place(0, ram);
    List<String> marks = sunk(migration);
    log(vga, migration);
    assertStores(0xfff, 2, 1);
    ram.copyIn(0x5000, MemorySegment.ofArray(new byte[1]));
    MappedWindow window = space.map(0x8000, 0x2001, Access.WRITE).whole();
    window.unmap(0x1001);
    assertEquals(List.of("0+2000", "5000+1000", "8000+2000"), marks);
    assertTakes("0-1fff 5000-5fff 8000-9fff", vga);
    assertTakes("", migration);
  }

  @Test
  void aSinkIsCalledOnceForEachRunOfPagesThatASectionHasWritten() {
    place(0, ram);
    List<String> marks = sunk(migration);
    log(migration);
    try (ReadSection _ = reader.enter()) {
      for (long page : new long[] {0, 1, 3, 62, 63, 64, 127, 255}) {
        reader.wrote(space, page << 12, 1);
      }
      assertEquals(List.of(), marks);
    }
    assertEquals(List.of("0+2000", "3000+1000", "3e000+2000", "40000+1000", "7f000+1000", "ff000+1000"), marks);
  }

  @Test
  void aSinkComesBeforeTheFirstMarkOnly() {
    place(0, ram);
    sunk(migration);
    assertThrows(IllegalStateException.class, () -> sunk(migration));
    log(vga);
    assertStores(0, 1, 1);
    assertThrows(IllegalStateException.class, () -> sunk(vga));
    migration.close();
    assertThrows(IllegalStateException.class, () -> sunk(migration));
  }

  /** The end of a window marks for whatever has ever logged. */
  @Test
  void aClientMayHaveTheSinkAndTheBitOfOneBeforeAfterWindowsHaveEnded() {
    place(0, ram);
    sunk(migration);
    log(migration);
    memory.update(tx -> tx.stopLog(ram, migration));
    migration.close();
    space.map(0, 1, Access.WRITE).whole().unmap(1);
    try (DirtyClient next = memory.dirtyClient("next")) {
      assertEquals(migration.mask(), next.mask());
      List<String> marks = sunk(next);
      log(next);
      assertStores(0x3000, 1, 1);
      assertEquals(List.of("3000+1000"), marks);
    }
  }

  @Test
  void theNextClientOfABitHasNothingOfASinkBefore() {
    place(0, ram);
    List<String> marks = sunk(migration);
    log(migration);
    memory.update(tx -> tx.stopLog(ram, migration));
    migration.close();
    try (DirtyClient next = memory.dirtyClient("next")) {
      assertEquals(migration.mask(), next.mask());
      log(next);
      assertStores(0x1000, 1, 1);
      assertTakes("1000-1fff", next);
    }
    assertEquals(List.of(), marks);
  }

  @Test
  void whatASinkThrowsReachesTheWriterAndTheWriteStands() {
    place(0, ram);
    migration.markInto(ram, (_, _) -> {
      throw new IllegalArgumentException("no room");
    });
    log(migration);
    assertThrows(IllegalArgumentException.class, () -> reader.store(space, 0, 1, 7));
    memory.update(tx -> tx.stopLog(ram, migration));
    assertLoads(7, 0, 1);
  }
}
