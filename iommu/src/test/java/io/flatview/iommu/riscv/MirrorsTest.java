package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Notifiers get the mappings that accesses would get, at a cost that follows the number of mapped blocks. */
class MirrorsTest extends OnAnIommu {

  private static final long IOVA = 0x4000_5000L;
  private static final long ALL_DEVICES = 3;

  private final List<IommuEvent> told = new ArrayList<>();

  private void listen() {
    told.clear();
    region().addNotifier(new IommuNotifier("shadow", EnumSet.allOf(IommuEvent.Kind.class), told::add)).replay(reader);
  }

  private MemoryRegion.Iommu region() {
    return (MemoryRegion.Iommu) bus().root();
  }

  private IommuEvent.Map mapped(long first, long last, long to, String permissions) {
    return new IommuEvent.Map(new AddressRange(first, last), system, to, permissions.contains("r"),
        permissions.contains("w"), permissions.contains("x"));
  }

  // A bound

  /** Everything below 2^56 leads to itself, nothing above it anywhere. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatLiesBeyondPhysicalAddressesIsOneHole() {
    for (int bits : new int[] {56, 40}) {
      reset(Capabilities.ALL.withPhysicalBits(bits));
      context(DeviceContext.VALID, 0, 0, 0);
      listen();
      assertEquals(List.of(mapped(0, (1L << bits) - 1, 0, "rwx")), told);
      command(ALL_DEVICES, 0);
      assertEquals(1, told.size());
    }
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aTableWhoseEntriesPointToItselfIsGoneThroughOnceForEachLevel() {
    for (PagingMode mode : new PagingMode[] {PagingMode.SV39, PagingMode.SV48, PagingMode.SV57}) {
      for (boolean second : new boolean[] {false, true}) {
        long encoding = 5L + mode.levels() << 60;
        long root = second ? secondStage(encoding) : firstStage(encoding);
        for (int i = 0; i < (second ? 2048 : 512); i++) {
          put(root + 8L * i, pte(root, Pte.VALID));
        }
        listen();
        assertEquals(List.of(), told, mode + " " + second);
        command(ALL_DEVICES, 0);
      }
    }
  }

  /** The first stage leads everywhere, and the second in a circle. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aCircleBehindLargeLeavesIsGoneThroughOnceToo() {
    long secondRoot = frames(4);
    long first = frames(1);
    long circle = frames(1);
    map(PagingMode.SV57, true, secondRoot, first, first, 0, LEAF);
    for (int i = 0; i < 512; i++) {
      put(first + 8L * i, pte((long) i << 48, LEAF));
      put(circle + 8L * i, pte(circle, Pte.VALID));
    }
    for (int i = 1; i < 2048; i++) {
      put(secondRoot + 8L * i, pte(circle, Pte.VALID));
    }
    context(DeviceContext.VALID, SV57 | secondRoot >>> 12, 0, SV57 | first >>> 12);
    listen();
    assertEquals(List.of(mapped(first, first | 0xfff, first, "rw")), told);
  }

  /** A leaf that cannot be marked is one hole, however large it is. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aHugeLeafThatCannotBeMarkedIsOneHole() {
    long secondRoot = frames(4);
    long root = frames(1);
    map(PagingMode.SV57, true, secondRoot, root, root, 0, LEAF & ~Pte.WRITABLE);
    put(root, pte(0, LEAF & ~Pte.ACCESSED));
    context(DeviceContext.VALID | DeviceContext.SADE, SV57 | secondRoot >>> 12, 0, SV57 | root >>> 12);
    listen();
    assertEquals(List.of(), told);
  }

  /** Mappings beyond all measure cause events up to a limit, and none after it. */
  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aTableThatMapsMoreThanThereIsEndsAtALimit() {
    long root = firstStage(SV57);
    for (int i = 0; i < 512; i++) {
      put(root + 8L * i, pte(root, Pte.VALID));
    }
    put(root + 8, pte(0x20_0000, LEAF));
    listen();
    assertFalse(told.isEmpty());
  }

  // What an access would get

  private long root;
  private long secondRoot;

  /** Both stages, with the page that holds the leaf's table mapped in some way. */
  private long behind(long tc, long leaf, long ofTable) {
    secondRoot = frames(4);
    map(PagingMode.SV39, true, secondRoot, 0x200_0000, 0x60_0000, 1, LEAF | Pte.EXECUTABLE);
    root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x200_6000, 0, leaf);
    long entry = entryAt(PagingMode.SV39, false, root, IOVA, 0);
    long middle = entryAt(PagingMode.SV39, false, root, IOVA, 1);
    map(PagingMode.SV39, true, secondRoot, root, root, 0, LEAF);
    map(PagingMode.SV39, true, secondRoot, middle, middle & -0x1000, 0, LEAF);
    map(PagingMode.SV39, true, secondRoot, entry, entry & -0x1000, 0, ofTable);
    context(DeviceContext.VALID | tc, SV39 | secondRoot >>> 12, 0, SV39 | root >>> 12);
    return entry;
  }

  /** Events, and the answers that accesses get when they come, must agree. */
  private void assertTells(String permissions) {
    listen();
    assertEquals(permissions.isEmpty() ? List.of() : List.of(mapped(IOVA, IOVA | 0xfff, 0x60_6000, permissions)), told);
    for (Access access : Access.values()) {
      String letter = access == Access.READ ? "r" : access == Access.WRITE ? "w" : "x";
      assertEquals(permissions.contains(letter), ask(0, IOVA, access), access::toString);
    }
  }

  @Test
  void aPageIsNotToldWhoseAccessedBitCannotBeSet() {
    behind(DeviceContext.SADE, LEAF & ~(Pte.ACCESSED | Pte.DIRTY), LEAF & ~Pte.WRITABLE);
    assertTells("");
  }

  @Test
  void aPageIsNotToldWritableWhoseDirtyBitCannotBeSet() {
    behind(DeviceContext.SADE, LEAF & ~Pte.DIRTY, LEAF & ~Pte.WRITABLE);
    assertTells("r");
  }

  /** The table's own page would have to be marked as dirty, and may not. */
  @Test
  void aPageIsNotToldWhoseTableCannotBeMarkedAsDirty() {
    behind(DeviceContext.SADE, LEAF & ~Pte.ACCESSED, LEAF & ~Pte.DIRTY);
    assertTells("");
    behind(DeviceContext.SADE | DeviceContext.GADE, LEAF & ~(Pte.ACCESSED | Pte.DIRTY), LEAF & ~Pte.DIRTY);
    assertTells("rw");
  }

  @Test
  void aPageIsNotToldWhoseTableCannotBeRead() {
    behind(0, LEAF, LEAF & ~(Pte.READABLE | Pte.WRITABLE) | Pte.EXECUTABLE);
    assertTells("");
    behind(0, LEAF, LEAF & ~Pte.ACCESSED);
    assertTells("");
  }

  @Test
  void aPageInRomIsNotToldWhoseBitsWouldHaveToBeSet() {
    MemoryRegion.Rom rom = memory.rom("rom", Size.kib(4));
    long entry = behind(DeviceContext.SADE, LEAF & ~Pte.DIRTY, LEAF);
    memory.update(tx -> tx.addSubregion(board, entry & -0x1000, rom, 1));
    byte[] leaf = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(pte(0x200_6000, LEAF & ~Pte.DIRTY)).array();
    reader.poke(system, entry, MemorySegment.ofArray(leaf));
    invalidateAll();
    assertTells("r");
  }

  @Test
  void aPageThatCanOnlyBeFetchedFromIsTold() {
    behind(0, Pte.VALID | Pte.USER | Pte.EXECUTABLE | Pte.ACCESSED, LEAF);
    assertTells("x");
    behind(0, LEAF | Pte.EXECUTABLE, LEAF);
    assertTells("rwx");
  }

  /** An invalidation names any address of a leaf, whatever the second stage cuts it into. */
  @Test
  void anInvalidationOfALeafThatIsCutTellsAllOfIt() {
    secondRoot = frames(4);
    root = frames(1);
    for (long table = root; table < root + 0x4_0000; table += 0x1000) {
      map(PagingMode.SV39, true, secondRoot, table, table, 0, LEAF);
    }
    for (long page : new long[] {0x1000, 0x3000, 0x1f_f000}) {
      map(PagingMode.SV39, true, secondRoot, 0x4000_0000L + page, 0x60_0000 + page, 0, LEAF);
    }
    map(PagingMode.SV39, false, root, 0x4000_0000L, 0x4000_0000L, 1, LEAF);
    context(DeviceContext.VALID, SV39 | secondRoot >>> 12, 7 << 12, SV39 | root >>> 12);
    listen();
    List<IommuEvent> all = List.copyOf(told);
    assertEquals(3, all.size());
    for (long named : new long[] {0, 0x1000, 0x2000, 0x10_0000, 0x1f_f000}) {
      long entry = entryAt(PagingMode.SV39, false, root, 0x4000_0000L, 1);
      told.clear();
      put(entry, 0);
      command(1 | 1 << 10 | 1L << 33, 0x4000_0000L + named >>> 12 << 10);
      assertEquals(all.stream().map(event -> (IommuEvent) new IommuEvent.Unmap(event.range())).toList(), told);
      told.clear();
      put(entry, pte(0x4000_0000L, LEAF));
      command(1 | 1 << 10 | 1L << 33, 0x4000_0000L + named >>> 12 << 10);
      assertEquals(all, told, () -> AddressRange.hex(named));
    }
  }

  /** All notifiers are called, even if some throw, and the failures come out once, when the change is in force. */
  @Test
  void everybodyIsToldWhateverANotifierThrows() {
    long leaf = entryAt(PagingMode.SV39, false, firstStage(SV39), IOVA, 0);
    put(leaf, pte(0x60_0000, LEAF));
    invalidateAll();
    IllegalStateException broken = new IllegalStateException("broken");
    List<MemoryRegion.Iommu> regions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      regions.add(memory.iommu("bus" + i, Size.FULL, device));
    }
    for (MemoryRegion.Iommu region : regions) {
      region.addNotifier(new IommuNotifier("broken", EnumSet.of(IommuEvent.Kind.UNMAP), event -> {
        told.add(event);
        throw broken;
      }));
    }
    put(leaf, 0);
    assertSame(broken, assertThrows(IllegalStateException.class, this::invalidateAll));
    assertEquals(4, told.size());
    assertEquals(get4(RegisterFile.CQT), get4(RegisterFile.CQH));
    assertFalse(ask(0, IOVA, Access.READ));
  }
}
