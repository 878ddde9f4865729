package io.flatview.examples.races.memory;

import static io.flatview.examples.races.memory.Scene.BASE;
import static io.flatview.examples.races.memory.Scene.SIZE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.DirtySnapshot;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.contract.EachFlavour;
import io.flatview.rcu.contract.EagerReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Nothing is lost, no thread waits for ever, and nothing is used after its end. Tests run in checked mode. How many
 * rounds each makes is the system property {@code flatview.races.rounds}, 500 by default.
 */
class MemoryRacesTest {

  private static final int ROUNDS = Integer.getInteger("flatview.races.rounds", 500);

  private static Scene scene(String flavour) {
    return new Scene(ReclaimPolicies.discover(flavour));
  }

  /** The value of a run of 8 equal bytes. */
  private static int uniform(long bytes) {
    assertEquals((bytes & 0xff) * 0x0101_0101_0101_0101L, bytes, "torn between two memories");
    return (int) (bytes & 0xff);
  }

  // Memory is swapped under its users

  private static void swap(Scene scene, int round, MemoryRegion.Ram[] present) {
    MemoryRegion.Ram old = present[0];
    MemoryRegion.Ram next = scene.filled(1 + round % 255);
    scene.memory.update(tx -> {
      if (old != null) {
        tx.delSubregion(old);
        old.close();
      }
      tx.addSubregion(scene.system, BASE, next);
    });
    present[0] = next;
  }

  private static void useWindow(Scene scene, AtomicLong used) {
    if (scene.space.map(BASE + 8, 8, Access.READ) instanceof MapResult.Whole(MappedWindow window)) {
      long before = window.segment().get(ValueLayout.JAVA_LONG, 0);
      Thread.onSpinWait();
      assertEquals(before, window.segment().get(ValueLayout.JAVA_LONG, 0), "the window moved");
      assertTrue(uniform(before) != 0, "memory that was given back");
      window.close();
      used.incrementAndGet();
    }
  }

  @ParameterizedTest
  @EachFlavour
  void windowsAreMappedAndEndedWhileTheirMemoryIsReplaced(String flavour) throws Exception {
    AtomicLong used = new AtomicLong();
    MemoryRegion.Ram[] present = new MemoryRegion.Ram[1];
    try (Scene scene = scene(flavour)) {
      scene.run(ROUNDS, round -> swap(scene, round, present), _ -> useWindow(scene, used));
    }
    assertTrue(used.get() > ROUNDS / 100, used::toString);
  }

  private static void useCache(MemoryRegionCache cache, MapReader reader) {
    try (ReadSection _ = reader.enter()) {
      int first = uniform(cache.load(0x100, 8));
      for (int i = 0; i < 20; i++) {
        assertEquals(first, uniform(cache.load(8 * i, 8)), "the map moved in a section");
      }
      assertTrue(first != 0 || cache.lastResult() == MemTxResult.DECODE_ERROR, "memory that was given back");
    }
  }

  private static void cacheAgainstSwaps(Scene scene) throws Exception {
    MemoryRegion.Ram[] present = new MemoryRegion.Ram[1];
    MemoryRegionCache[] cache = new MemoryRegionCache[1];
    scene.run(ROUNDS, round -> swap(scene, round, present), reader -> {
      if (cache[0] == null) {
        cache[0] = reader.cache(scene.space, BASE, SIZE);
      }
      useCache(cache[0], reader);
    });
  }

  @ParameterizedTest
  @EachFlavour
  void aCachedRangeIsUsedWhileItsMemoryIsReplaced(String flavour) throws Exception {
    try (Scene scene = scene(flavour)) {
      cacheAgainstSwaps(scene);
    }
  }

  /** The broken twin: a policy that reclaims at once. In checked mode the reader meets memory that is gone. */
  @Test
  void aPolicyThatDoesNotWaitForReadersIsCaught() {
    for (int attempt = 0; attempt < 20; attempt++) {
      try (Scene scene = new Scene(new EagerReclaimPolicy())) {
        cacheAgainstSwaps(scene);
      } catch (Throwable caught) {
        return;
      }
    }
    throw new AssertionError("the race does not notice memory that is reclaimed under its reader");
  }

  // A device is unplugged

  /** Must not be called when it is gone. */
  private static final class Mortal implements MmioHandler {
    volatile boolean gone;

    @Override
    public long read(long offset, int size) {
      refuseIfGone();
      return 7;
    }

    @Override
    public void write(long offset, int size, long value) {
      refuseIfGone();
    }

    private void refuseIfGone() {
      if (gone) {
        throw new AssertionError("a device is used after its end");
      }
    }
  }

  @ParameterizedTest
  @EachFlavour
  void aDeviceIsNotCalledOnceItIsReleased(String flavour) throws Exception {
    try (Scene scene = scene(flavour)) {
      scene.run(ROUNDS, _ -> plugAndUnplug(scene), reader -> {
        reader.load(scene.space, BASE, 4);
        reader.store(scene.space, BASE + 0x10, 4, 1);
      });
    }
  }

  private static void plugAndUnplug(Scene scene) throws Exception {
    Mortal device = new Mortal();
    MemoryRegion.Mmio region = scene.memory.mmio("mortal", Size.kib(4), device);
    scene.memory.update(tx -> tx.addSubregion(scene.system, BASE, region));
    scene.memory.update(tx -> {
      tx.delSubregion(region);
      region.close();
    });
    region.released().toCompletableFuture().get(60, TimeUnit.SECONDS);
    device.gone = true;
  }

  // Doorbells come and go

  private static final class Counting implements MmioHandler {
    final AtomicLong writes = new AtomicLong();

    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      writes.incrementAndGet();
    }
  }

  @ParameterizedTest
  @EachFlavour
  void everyStoreRingsOrReachesTheDeviceAndARemovedDoorbellIsSilent(String flavour) throws Exception {
    Counting device = new Counting();
    AtomicLong rings = new AtomicLong();
    AtomicLong stores = new AtomicLong();
    try (Scene scene = scene(flavour)) {
      MemoryRegion.Mmio region = scene.memory.mmio("device", Size.kib(4), device);
      scene.memory.update(tx -> tx.addSubregion(scene.system, BASE, region));
      scene.run(ROUNDS, round -> ringForAWhile(scene, region, rings), reader -> {
        assertEquals(MemTxResult.OK, reader.store(scene.space, BASE, 4, 1));
        stores.incrementAndGet();
      });
    }
    assertEquals(stores.get(), rings.get() + device.writes.get());
    assertTrue(rings.get() > 0 && device.writes.get() > 0, rings + " rings, " + device.writes + " writes");
  }

  private static void ringForAWhile(Scene scene, MemoryRegion.Mmio region, AtomicLong rings) throws Exception {
    boolean[] removed = new boolean[1];
    Doorbell bell = Doorbell.at(0, 4, () -> {
      if (removed[0]) {
        throw new AssertionError("a doorbell rings after its removal is quiesced");
      }
      rings.incrementAndGet();
    });
    scene.memory.update(tx -> tx.addDoorbell(region, bell));
    scene.awaitUse();
    Scene.quiesce(scene.memory.update(tx -> tx.removeDoorbell(region, bell)));
    removed[0] = true;
  }

  // Stores wait while the device is looked at by another thread

  @ParameterizedTest
  @EachFlavour
  void coalescedStoresReachTheDeviceOnceAndInOrder(String flavour) throws Exception {
    AtomicLong last = new AtomicLong();
    MmioHandler device = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return last.get();
      }

      @Override
      public void write(long offset, int size, long value) {
        if (!last.compareAndSet(value - 1, value)) {
          throw new AssertionError("store " + value + " came after " + last);
        }
      }
    };
    AtomicLong next = new AtomicLong();
    try (Scene scene = scene(flavour)) {
      MemoryRegion.Mmio region = scene.memory.mmio("device", Size.kib(4), device);
      scene.memory.update(tx -> tx.addSubregion(scene.system, BASE, region)
          .addCoalesced(region, new AddressRange(0, 7)));
      MapReader looker = scene.memory.newReader("looker");
      scene.run(ROUNDS, _ -> {
        long stored = next.get();
        long seen = looker.load(scene.space, BASE + 0x10, 8);
        assertTrue(seen >= stored, () -> "a load that overtakes a store: " + seen + " after " + stored);
      }, reader -> {
        reader.store(scene.space, BASE, 8, next.get() + 1);
        next.incrementAndGet();
      });
      looker.close();
      region.flushCoalesced();
    }
    assertEquals(next.get(), last.get());
  }

  // Memory is discarded

  @ParameterizedTest
  @EachFlavour
  void readersOfMemoryThatIsDiscardedSeeItBeforeOrAfter(String flavour) throws Exception {
    try (Scene scene = scene(flavour)) {
      MemoryRegion.Ram ram = scene.filled(0xff);
      scene.memory.update(tx -> tx.addSubregion(scene.system, BASE, ram));
      MappedWindow window = scene.space.map(BASE, SIZE, Access.READ).whole();
      scene.run(ROUNDS, _ -> {
        ram.discard(0, SIZE);
        Scene.fill(ram, 0xff);
      }, reader -> {
        assertBeforeOrAfter(reader.load(scene.space, BASE + 0x1ff8, 8));
        assertBeforeOrAfter(window.segment().get(ValueLayout.JAVA_LONG, 0x2000));
      });
      window.close();
    }
  }

  private static void assertBeforeOrAfter(long bytes) {
    for (int i = 0; i < 8; i++) {
      long one = bytes >>> 8 * i & 0xff;
      assertTrue(one == 0 || one == 0xff, () -> Long.toHexString(bytes));
    }
  }

  // Dirty pages are copied while they are written

  @ParameterizedTest
  @EachFlavour
  void aCopyOfDirtyPagesEndsUpEqualToTheMemory(String flavour) throws Exception {
    try (Scene scene = scene(flavour)) {
      MemoryRegion.Ram ram = scene.filled(0);
      DirtyClient migration = scene.memory.dirtyClient("migration");
      scene.memory.update(tx -> tx.addSubregion(scene.system, BASE, ram));
      Scene.quiesce(scene.memory.update(tx -> tx.startLog(ram, migration)));
      byte[] copy = new byte[(int) SIZE];
      long[] written = new long[1];
      scene.run(ROUNDS, _ -> copyDirty(migration, ram, copy), writer(scene, written));
      copyDirty(migration, ram, copy);
      byte[] memory = new byte[(int) SIZE];
      ram.copyOut(0, MemorySegment.ofArray(memory));
      assertEquals(-1, MemorySegment.ofArray(memory).mismatch(MemorySegment.ofArray(copy)));
      assertTrue(written[0] >= ROUNDS, () -> "only " + written[0] + " stores");
    }
  }

  /** Stores by turns through the reader, a window, and memory that it marks itself, a page once in a section. */
  private static Consumer<MapReader> writer(Scene scene, long[] written) {
    return reader -> {
      long value = ++written[0];
      long offset = value * 8 % SIZE;
      if (value % 64 == 0) {
        MappedWindow window = scene.space.map(BASE + offset, 8, Access.WRITE).whole();
        window.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
        window.unmap(8);
      } else if (value % 2 == 0) {
        reader.store(scene.space, BASE + offset, 8, value);
      } else {
        storeAndTell(scene, reader, offset, value);
      }
    };
  }

  private static void storeAndTell(Scene scene, MapReader reader, long offset, long value) {
    try (ReadSection _ = reader.enter()) {
      MemorySegment memory = reader.translate(scene.space, BASE + offset, 8, Access.WRITE).loggedMemory();
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, -value);
      reader.wrote(scene.space, BASE + offset, 8);
      Thread.onSpinWait();
      memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
    }
  }

  private static void copyDirty(DirtyClient client, MemoryRegion.Ram ram, byte[] copy) {
    DirtySnapshot dirty = client.snapshotAndClear(ram);
    dirty.ranges().forEach(range -> ram.copyOut(range.first(), MemorySegment.ofArray(copy)
        .asSlice(range.first(), range.last() - range.first() + 1)));
  }

  // Bounce space comes back

  @ParameterizedTest
  @EachFlavour
  void whoWaitsForBounceSpaceIsAlwaysWoken(String flavour) throws Exception {
    try (Scene scene = scene(flavour)) {
      MemoryRegion.Mmio region = scene.memory.mmio("device", Size.kib(64), new Counting());
      scene.memory.update(tx -> tx.addSubregion(scene.system, BASE, region));
      scene.run(ROUNDS, _ -> takeAll(scene), _ -> takeAll(scene));
    }
  }

  private static void takeAll(Scene scene) {
    for (;;) {
      switch (scene.space.map(BASE, 4096, Access.WRITE)) {
        case MapResult.Whole(MappedWindow window) -> {
          window.unmap(0);
          return;
        }
        case MapResult.Part(MappedWindow window) -> window.unmap(0);
        case MapResult.Busy busy -> busy.room().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
        case MapResult.Failed failed -> throw new AssertionError(failed);
      }
    }
  }

  @Test
  void theScenesNoticeAFailureOfEitherThread() {
    assertThrows(ArithmeticException.class, () -> {
      try (Scene scene = scene("epoch")) {
        scene.run(10, _ -> {
          throw new ArithmeticException();
        }, _ -> {});
      }
    });
    assertThrows(ArithmeticException.class, () -> {
      try (Scene scene = scene("epoch")) {
        scene.run(1_000_000_000, _ -> Thread.onSpinWait(), _ -> {
          throw new ArithmeticException();
        });
      }
    });
  }
}
