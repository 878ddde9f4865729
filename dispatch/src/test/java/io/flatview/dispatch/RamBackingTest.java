package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamBacking;
import io.flatview.memory.RamBacking.Sharing;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Memory of every origin: what it holds at first, where stores go, and what it takes to grow, shrink and forget. */
class RamBackingTest extends OnAMachine {

  @TempDir
  Path directory;

  private Path file(int size) {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) 0x11);
    try {
      return Files.write(directory.resolve("image"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MemoryRegion.Ram mapped(Path file, long offset, long size, Sharing sharing) {
    return memory.ram("file", RamBacking.file(file, offset, Size.bytes(size), sharing));
  }

  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReleased(MemoryRegion region) {
    CompletableFuture<Void> released = region.released().toCompletableFuture();
    return released.isDone() && !released.isCompletedExceptionally();
  }

  // Files

  @Test
  void storesToASharedFileReachTheFile() {
    Path file = file(0x4000);
    place(0, mapped(file, 0x1000, 0x2000, Sharing.SHARED));
    assertLoads(0x11, 0x1fff, 1);
    assertStores(0x10, 4, 0x0403_0201);
    byte[] expected = new byte[0x4000];
    Arrays.fill(expected, (byte) 0x11);
    System.arraycopy(new byte[] {1, 2, 3, 4}, 0, expected, 0x1010, 4);
    assertArrayEquals(expected, content(file));
  }

  @Test
  void storesToAPrivateFileStayWithTheRegion() {
    Path file = file(0x1000);
    place(0, mapped(file, 0, 0x1000, Sharing.PRIVATE));
    assertStores(0, 1, 0x77);
    assertLoads(0x1177, 0, 2);
    assertEquals(0x11, content(file)[0]);
  }

  @Test
  void aReadOnlyFileIsReadOnlyMemoryForGood() {
    MemoryRegion.Ram ram = mapped(file(0x1000), 0, 0x1000, Sharing.READ_ONLY);
    place(0, ram);
    assertTrue(ram.isReadOnly());
    assertLoads(0x11, 0, 1);
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 1, 0));
    assertFault(MapFault.Id.ALWAYS_READ_ONLY, () -> memory.update(tx -> tx.setReadOnly(ram, false)), "'file'");
    assertRefused(IllegalStateException.class, () -> ram.copyIn(0, MemorySegment.ofArray(new byte[1])),
        "'file'", "read-only");
    assertRefused(IllegalStateException.class, () -> ram.discard(0, 0x1000), "'file'", "read-only");
  }

  @Test
  void aFileMayStartAnywhere() {
    place(0, mapped(file(0x1000), 0x123, 0x45, Sharing.SHARED));
    assertLoads(0x11, 0x44, 1);
    assertDecodeErrorOnLoad(0x45, 1);
  }

  @Test
  void aRomIsMadeFromAnImage() {
    place(0, memory.rom("bios", RamBacking.file(file(0x1000), 0, Size.kib(4), Sharing.READ_ONLY)));
    assertLoads(0x1111_1111, 0xffc, 4);
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 4, 0));
  }

  @Test
  void aFileThatIsTooShortIsRefusedAndNotGrown() {
    Path file = file(0x1000);
    assertRefused(IllegalArgumentException.class, () -> mapped(file, 0x800, 0x1000, Sharing.SHARED),
        "image", "0x1000 bytes", "0x800");
    assertRefused(IllegalArgumentException.class, () -> mapped(file, 0x1001, 0, Sharing.SHARED), "image", "0x1001");
    assertEquals(0x1000, content(file).length);
  }

  @Test
  void aFileThatIsNotThereIsReportedByName() {
    assertRefused(UncheckedIOException.class, () -> mapped(directory.resolve("none"), 0, 1, Sharing.PRIVATE), "none");
    assertThrows(IllegalArgumentException.class, () -> RamBacking.file(directory, -1, Size.kib(4), Sharing.SHARED));
  }

  @Test
  void aMappedFileIsUnmappedWithItsLastView() {
    MemoryRegion.Ram ram = mapped(file(0x1000), 0, 0x1000, Sharing.SHARED);
    place(0, ram);
    assertEquals(1, memory.statistics().ramBlocks());
    remove(ram);
    ram.close();
    assertFalse(isReleased(ram));
    policy.runGracePeriod();
    assertTrue(isReleased(ram));
    assertEquals(0, memory.statistics().ramBlocks());
  }

  // Size

  @Test
  void resizableMemoryTakesAnySizeUpToItsMaximum() {
    MemoryRegion.Ram ram = memory.ram("ram", RamBacking.resizable(Size.kib(4), Size.kib(16)));
    place(0, ram);
    assertEquals(Size.kib(16), ram.maximum());
    assertDecodeErrorOnLoad(0x1000, 1);
    List<AddressRange> added = new ArrayList<>();
    space.addListener(new MemoryListener() {
      @Override
      public void regionAdd(MemoryRegionSection section) {
        added.add(section.range());
      }
    });
    memory.update(tx -> tx.setSize(ram, Size.kib(16)));
    assertEquals(List.of(new AddressRange(0, 0xfff), new AddressRange(0, 0x3fff)), added);
    assertStores(0x3ff8, 8, 0x1234);
    memory.update(tx -> tx.setSize(ram, Size.bytes(0x1801)));
    assertStores(0x1800, 1, 1);
    assertDecodeErrorOnLoad(0x1801, 1);
    assertThrows(IndexOutOfBoundsException.class, () -> ram.copyOut(0x1800, MemorySegment.ofArray(new byte[2])));
    memory.update(tx -> tx.setSize(ram, Size.kib(16)));
    assertLoads(0x1234, 0x3ff8, 8);
  }

  @Test
  void aReaderOfTheOldMapMayGoOnInMemoryThatShrank() {
    MemoryRegion.Ram ram = memory.ram("ram", RamBacking.resizable(Size.kib(16), Size.kib(16)));
    place(0, ram);
    try (ReadSection _ = reader.enter()) {
      memory.update(tx -> tx.setSize(ram, Size.kib(4)));
      assertStores(0x3ff8, 8, 0x1234);
    }
    assertDecodeErrorOnLoad(0x3ff8, 8);
  }

  @Test
  void aSizeAboveTheMaximumIsRefused() {
    MemoryRegion.Ram ram = memory.ram("ram", RamBacking.resizable(Size.kib(4), Size.kib(16)));
    assertFault(MapFault.Id.FIXED_SIZE, () -> memory.update(tx -> tx.setSize(ram, Size.kib(17))), "'ram'", "0x4000");
    assertEquals(Size.kib(4), ram.size());
    assertRefused(IllegalArgumentException.class, () -> RamBacking.resizable(Size.kib(5), Size.kib(4)), "0x1400");
    assertRefused(IllegalArgumentException.class,
        () -> memory.rom("rom", RamBacking.resizable(Size.kib(4), Size.kib(8))), "'rom'", "resizable");
  }

  @Test
  void aResizeThatIsTakenBackLeavesTheOldSize() {
    MemoryRegion.Ram ram = memory.ram("ram", RamBacking.resizable(Size.kib(4), Size.kib(16)));
    place(0, ram);
    try (var tx = memory.begin()) {
      tx.setSize(ram, Size.kib(16));
    }
    assertEquals(Size.kib(4), ram.size());
    assertDecodeErrorOnLoad(0x1000, 1);
  }

  // Discard

  private static void fill(MemoryRegion.Memory ram, long size) {
    byte[] content = new byte[Math.toIntExact(size)];
    Arrays.fill(content, (byte) 0x55);
    ram.copyIn(0, MemorySegment.ofArray(content));
  }

  private void assertZeroOnlyIn(MemoryRegion.Memory ram, long first, long last) {
    byte[] content = new byte[Math.toIntExact(ram.size().toBytes())];
    ram.copyOut(0, MemorySegment.ofArray(content));
    for (int i = 0; i < content.length; i++) {
      assertEquals(i >= first && i <= last ? 0 : 0x55, content[i], "at " + i);
    }
  }

  @Test
  void discardGivesWholePagesBackAndZeroesTheEdges() {
    MemoryRegion.Ram ram = ram("ram", 0x5000);
    fill(ram, 0x5000);
    assertEquals(0x2000, ram.discard(0xfff, 0x2002));
    assertZeroOnlyIn(ram, 0xfff, 0x3000);
    assertEquals(0, ram.discard(0x4001, 0x10));
    assertEquals(0, ram.discard(0x5000, 0));
  }

  @Test
  void discardOfASharedFileClearsTheFile() {
    Path file = file(0x4000);
    mapped(file, 0, 0x4000, Sharing.SHARED).discard(0x1000, 0x2800);
    byte[] content = content(file);
    assertEquals(0x11, content[0xfff]);
    assertEquals(0, content[0x1000]);
    assertEquals(0, content[0x37ff]);
    assertEquals(0x11, content[0x3800]);
  }

  @Test
  void discardOfAPrivateFileReadsAsZerosAndNotAsTheFile() {
    Path file = file(0x2000);
    place(0, mapped(file, 0, 0x2000, Sharing.PRIVATE));
    MemoryRegion.Ram ram = (MemoryRegion.Ram) space.flatView().sections().getFirst().region();
    assertEquals(0, ram.discard(0, 0x1000));
    assertLoads(0, 0, 8);
    assertLoads(0x11, 0x1000, 1);
    assertEquals(0x11, content(file)[0]);
  }

  @Test
  void discardReachesBehindTheSizeUpToTheMaximum() {
    MemoryRegion.Ram ram = memory.ram("ram", RamBacking.resizable(Size.kib(8), Size.kib(8)));
    fill(ram, 0x2000);
    memory.update(tx -> tx.setSize(ram, Size.kib(4)));
    assertEquals(0x1000, ram.discard(0x1000, 0x1000));
    memory.update(tx -> tx.setSize(ram, Size.kib(8)));
    assertZeroOnlyIn(ram, 0x1000, 0x1fff);
  }

  @Test
  void discardOutsideTheMemoryIsRefusedAndDiscardsNothing() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    fill(ram, 0x1000);
    assertRefused(IndexOutOfBoundsException.class, () -> ram.discard(0x800, 0x801), "'ram'", "0x801", "0x1000");
    assertThrows(IndexOutOfBoundsException.class, () -> ram.discard(-1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> ram.discard(0, -1));
    assertZeroOnlyIn(ram, 1, 0);
    ram.close();
    assertRefused(IllegalStateException.class, () -> ram.discard(0, 1), "'ram'", "closed");
  }

  // The embedder's own memory

  @Test
  void memoryOfTheEmbedderIsSharedWithIt() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment own = arena.allocate(0x2000);
      MemoryRegion.Ram ram = memory.ram("own", RamBacking.of(own));
      place(0, ram);
      assertStores(0x10, 4, 0x1234);
      assertEquals(0x1234, own.get(ValueLayout.JAVA_INT, 0x10));
      own.set(ValueLayout.JAVA_INT, 0x20, 0x5678);
      assertLoads(0x5678, 0x20, 4);
      assertEquals(0, ram.discard(0, 0x2000));
      assertEquals(0, own.get(ValueLayout.JAVA_INT, 0x10));
      remove(ram);
      ram.close();
      policy.runGracePeriod();
      assertTrue(isReleased(ram));
      assertTrue(own.scope().isAlive());
    }
  }

  @Test
  void memoryOfTheEmbedderThatIsReadOnlyStaysSo() {
    MemoryRegion.Ram ram = memory.ram("own", RamBacking.of(Arena.global().allocate(0x1000).asReadOnly()));
    place(0, ram);
    assertLoads(0, 0, 8);
    assertEquals(MemTxResult.DECODE_ERROR, store(0, 8, 1));
  }

  @Test
  void memoryThatNotEveryThreadMayUseIsRefused() {
    assertRefused(IllegalArgumentException.class, () -> RamBacking.of(MemorySegment.ofArray(new byte[16])), "heap");
    try (Arena arena = Arena.ofConfined()) {
      assertRefused(IllegalArgumentException.class, () -> RamBacking.of(arena.allocate(16)), "confined");
    }
  }

  // Ends

  @Test
  void aRegionWithoutMemoryIsReleasedWhenNoReaderCanReachIt() {
    MemoryRegion.Mmio device = mmio("device", 0x1000);
    place(0, device);
    try (ReadSection _ = reader.enter()) {
      memory.update(tx -> {
        tx.delSubregion(device);
        device.close();
      });
      policy.runGracePeriod();
      assertFalse(isReleased(device));
    }
    policy.runGracePeriod();
    assertTrue(isReleased(device));
  }

  @Test
  void gigabytesCostNothingUntilTheyAreTouched() {
    place(0, memory.ram("large", Size.gib(64)));
    assertStores(Size.gib(64).last() - 7, 8, 0x1234);
    assertLoads(0x1234, Size.gib(64).last() - 7, 8);
  }

  @Test
  void memoryThatCannotBeHadIsRefusedWhereItIsMade() {
    for (int bits = 47; bits < 63; bits++) {
      Size size = Size.bytes(1L << bits);
      assertRefused(IllegalArgumentException.class, () -> memory.ram("vast", size), "'vast'", size.toString());
      assertRefused(IllegalArgumentException.class,
          () -> memory.ram("vast", RamBacking.resizable(Size.kib(4), size)), "'vast'", size.toString());
    }
    assertRefused(IllegalArgumentException.class, () -> memory.rom("vast", Size.bytes(Long.MAX_VALUE)), "'vast'");
  }

  /** A process addresses 2^47 bytes. */
  @Test
  void memoriesThatCannotBeHadTogetherAreRefusedWhereTheLastIsMade() {
    Size quarter = Size.bytes(1L << 45);
    List<MemoryRegion.Ram> made = new ArrayList<>();
    assertRefused(IllegalArgumentException.class, () -> {
      for (int i = 0; i < 4; i++) {
        made.add(memory.ram("quarter" + i, quarter));
      }
    }, "'quarter", quarter.toString());
    assertEquals(0, memory.statistics().ramBytes());
    made.forEach(MemoryRegion::close);
    memory.ram("again", quarter).close();
  }

  @Test
  void aFileThatBecomesShorterMakesAnErrorOfEveryKindOfAccess() throws IOException {
    Path file = directory.resolve("shrinking");
    Files.write(file, new byte[0x4000]);
    place(0, memory.ram("file", RamBacking.file(file, 0, Size.kib(16), RamBacking.Sharing.SHARED)));
    MemoryRegionCache cache = reader.cache(space, 0x3000, 0x100);
    List<Executable> accesses = List.of(
        () -> load(0x3000, 8),
        () -> store(0x3000, 8, 1),
        () -> reader.compareAndExchange(space, 0x3000, 8, 0, 1),
        () -> reader.compareAndExchange(space, 0x3000, 4, 0, 1),
        () -> reader.compareAndExchange(space, 0x3000, 2, 0, 1),
        () -> reader.fetchAndOp(space, 0x3000, 8, AtomicOp.ADD, 1),
        () -> reader.fetchAndOp(space, 0x3000, 1, AtomicOp.ADD, 1),
        () -> reader.read(space, 0x2000, new byte[0x1100], 0, 0x1100),
        () -> reader.write(space, 0x2000, new byte[0x1100], 0, 0x1100),
        () -> reader.fill(space, 0x3000, 16, (byte) 1, MemTxAttrs.UNSPECIFIED),
        () -> cache.load(0, 4),
        () -> cache.store(0, 4, 1));
    for (Executable access : accesses) {
      run(access, 200);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0x1000);
    }
    for (Executable access : accesses) {
      for (int i = 0; i < 20; i++) {
        assertThrows(InternalError.class, access);
        assertRefused(IllegalStateException.class, reader::generation, "outside");
      }
    }
    assertLoads(0, 0, 8);
  }

  private static void run(Executable access, int times) {
    try {
      for (int i = 0; i < times; i++) {
        access.execute();
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
