package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MemoryRegion;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random tables, changed at random and invalidated as the specification asks, against a walker over a byte array that
 * knows nothing of the model: translations through the cache, events to notifiers, and replays must agree with it after
 * every step.
 */
class RandomTablesTest extends OnAnIommu {

  private static final int STEPS = 250;
  private static final int STEPS_PER_FULL_CHECK = 25;
  private static final long BASE = 0x4000_0000L;
  private static final int PAGES = 1536;

  /** What a notifier knows, page by page: where it leads, with the permissions in the lowest bits. */
  private final Map<Long, Long> mirror = new TreeMap<>();

  private long root;
  private long pointers;
  private final long[] leaves = new long[3];

  private void hear(IommuEvent event) {
    for (long page = event.range().first(); page - event.range().last() < 0; page += 0x1000) {
      if (event instanceof IommuEvent.Map map) {
        long to = map.targetFirst() + (page - map.range().first());
        assertTrue(mirror.put(page, to | (map.readable() ? 1 : 0) | (map.writable() ? 2 : 0)) == null,
            () -> "told twice without an UNMAP: " + event);
      } else {
        mirror.remove(page);
      }
    }
  }

  /** Sv39 as a child would write it: three loops over bytes, without caches, levels by name or shared constants. */
  private long naive(long iova) {
    long table = root;
    for (int shift = 30; shift >= 12; shift -= 9) {
      long entry = bytes(table + 8 * (iova >> shift & 511));
      if ((entry & 1) == 0) {
        return 0;
      }
      if ((entry & 10) != 0) {
        long size = 1L << shift;
        long to = (entry >> 10 & (1L << 44) - 1) * 4096;
        boolean usable = (entry & 2) != 0 && (entry & 0x10) != 0 && (entry & 0x40) != 0 && to % size == 0;
        boolean writes = (entry & 4) != 0 && (entry & 0x80) != 0;
        return usable ? to + iova % size | 1 | (writes ? 2 : 0) : 0;
      }
      table = (entry >> 10) * 4096;
    }
    return 0;
  }

  private long bytes(long at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | reader.load(system, at + i, 1);
    }
    return value;
  }

  private void tables() {
    root = firstStage(SV39);
    pointers = frames(1);
    put(root + 8, pte(pointers, Pte.VALID));
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = frames(1);
    }
  }

  /** Changes one entry, and gives the address to be invalidated, or -1 for all. */
  private long change(Random random) {
    int region = random.nextInt(3);
    long regionBase = BASE + region * 0x20_0000L;
    if (random.nextInt(6) == 0) {
      long entry = random.nextBoolean()
          ? pte(leaves[region], Pte.VALID)
          : pte(0x100_0000 + random.nextInt(4) * 0x20_0000L, flags(random));
      put(pointers + 8 * region, entry);
      return -1;
    }
    int page = random.nextInt(512);
    put(leaves[region] + 8 * page, pte(0x80_0000 + random.nextInt(64) * 0x1000L, flags(random)));
    return regionBase + page * 0x1000L;
  }

  private static long flags(Random random) {
    long flags = LEAF;
    if (random.nextInt(4) == 0) {
      flags &= ~(1L << random.nextInt(8));
    }
    return flags;
  }

  private void assertAgrees(Random random, long changed) {
    for (int i = 0; i < 24; i++) {
      long page = i == 0 && changed != -1 ? changed : BASE + random.nextInt(PAGES) * 0x1000L;
      long iova = page | random.nextInt(0x1000) & ~7;
      long expected = naive(page);
      boolean reads = ask(0, iova, Access.READ);
      assertEquals((expected & 1) != 0, reads, () -> AddressRange.hex(iova));
      if (reads) {
        assertEquals(AddressRange.hex((expected & ~0xfff) + (iova & 0xfff)), AddressRange.hex(entry.apply(iova)));
      }
      assertEquals((expected & 2) != 0, ask(0, iova, Access.WRITE), () -> AddressRange.hex(iova));
      assertEquals(AddressRange.hex(expected), AddressRange.hex(mirror.getOrDefault(page, 0L)),
          () -> "told of " + AddressRange.hex(page));
    }
    set4(RegisterFile.FQH, get4(RegisterFile.FQT));
  }

  /** A replay to a new notifier equals the events that the first got bit by bit. */
  private void assertReplays(MemoryRegion.Iommu region) {
    Map<Long, Long> told = new TreeMap<>(mirror);
    mirror.clear();
    try (IommuNotifier.Registration second = region.addNotifier(
        new IommuNotifier("second", EnumSet.of(IommuEvent.Kind.MAP), this::hear))) {
      second.replay(reader);
    }
    assertEquals(told, mirror);
  }

  private void assertAgreesEverywhere() {
    for (long page = BASE; page < BASE + PAGES * 0x1000L; page += 0x1000) {
      assertEquals(naive(page), mirror.getOrDefault(page, 0L));
    }
  }

  @Test
  void translationsEventsAndReplaysAgreeWithANaiveWalker() {
    for (long seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      mirror.clear();
      reset(Capabilities.ALL);
      tables();
      MemoryRegion.Iommu region = (MemoryRegion.Iommu) bus().root();
      try (IommuNotifier.Registration registration = region.addNotifier(
          new IommuNotifier("mirror", EnumSet.of(IommuEvent.Kind.MAP, IommuEvent.Kind.UNMAP), this::hear))) {
        registration.replay(reader);
        for (int step = 0; step < STEPS; step++) {
          long changed = change(random);
          command(changed == -1 ? 1 : 1 | 1 << 10, changed == -1 ? 0 : changed >>> 12 << 10);
          assertAgrees(random, changed);
          assertReplays(region);
          if (step % STEPS_PER_FULL_CHECK == 0) {
            assertAgreesEverywhere();
          }
        }
      }
      assertAgreesEverywhere();
    }
  }
}
