package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.EagerReclaimPolicy;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The guarantees to readers: one generation for each translation (B1), also over a hop between spaces (B8), which stays
 * valid as long as it is used (B2), and is never older than one that the reader may know of (B4). The page
 * {@code dispatch/GUARANTEES.md} has all of them, and the public thread of May 2013 from which they come.
 */
class ReaderGuaranteesTest extends OnARacingMachine {

  /**
   * Two devices change places in each commit, by whole pages and by parts of a shared page. A reader that walked the
   * root of one generation through the nodes or sections of another would find a device twice, or not at all.
   */
  @Test
  void b1ATranslationSeesOneGenerationNeverAMix() {
    MemoryRegion a = mmio("a", 0x1000);
    MemoryRegion b = mmio("b", 0x1000);
    MemoryRegion c = mmio("c", 0x10);
    MemoryRegion d = mmio("d", 0x10);
    memory.update(tx -> tx
        .addSubregion(system, 0x1000, a)
        .addSubregion(system, 0xffff_0000_0000_0000L, b)
        .addSubregion(system, 0x8000, c)
        .addSubregion(system, 0x8100, d));
    race((_, i) -> {
      boolean swapped = i % 2 == 0;
      memory.update(tx -> tx
          .setAddress(a, swapped ? 0xffff_0000_0000_0000L : 0x1000)
          .setAddress(b, swapped ? 0x1000 : 0xffff_0000_0000_0000L)
          .setAddress(c, swapped ? 0x8100 : 0x8000)
          .setAddress(d, swapped ? 0x8000 : 0x8100));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        String seen = name(own, space, 0x1000) + name(own, space, 0x8000) + name(own, space, 0xffff_0000_0000_0000L)
            + name(own, space, 0x8100);
        assertTrue(seen.equals("acbd") || seen.equals("bdac"), seen);
      }
    });
  }

  @Test
  void b2WhatAReaderSeesStaysValidUntilItsSectionEndsAndIsReclaimedSoonAfter() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 8, 0x1122_3344_5566_7788L);
    try (ReadSection _ = reader.enter()) {
      Translation t = reader.translate(space, 0, 8, Access.READ);
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      policy.runGracePeriod();
      assertEquals("ram", t.section().region().name());
      assertLoads(0x1122_3344_5566_7788L, 0, 8);
      assertEquals(1, memory.statistics().ramBlocks());
    }
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks());
  }

  @Test
  void b2NestedSectionsKeepWhatTheOutermostSees() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0, 4, 0x1234);
    try (ReadSection _ = reader.enter()) {
      reader.enter().close();
      memory.update(tx -> {
        tx.delSubregion(ram);
        ram.close();
      });
      reader.enter().close();
      policy.runGracePeriod();
      assertLoads(0x1234, 0, 4);
    }
  }

  /** Memory comes and goes under readers; each block holds its number, and a freed one would throw. */
  @Test
  void b2MemoryIsNeverTakenFromUnderAReader() {
    AtomicReference<MemoryRegion> present = new AtomicReference<>();
    race((own, i) -> {
      MemoryRegion next = ram("ram " + i, 0x1000);
      MemoryRegion old = present.getAndSet(next);
      memory.update(tx -> {
        if (old != null) {
          tx.delSubregion(old);
          old.close();
        }
        tx.addSubregion(system, 0, next);
      });
      own.store(space, 0, 8, i);
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        long first = own.load(space, 0, 8);
        Thread.yield();
        long second = own.load(space, 0, 8);
        assertTrue(second == first || first == 0, () -> first + " became " + second);
      }
    });
  }

  /** The same under a policy that waits for no reader must fail, or the tests above have no teeth. */
  @Test
  void b2APolicyThatWaitsForNobodyIsCaught() {
    try (DispatchMemory unsafe = DispatchMemory.create(new EagerReclaimPolicy())) {
      MemoryRegion.Ram ram = unsafe.ram("ram", Size.kib(4));
      MemoryRegion.Container root = unsafe.container("root", Size.FULL);
      AddressSpace dma = unsafe.addressSpace("dma", root);
      unsafe.update(tx -> tx.addSubregion(root, 0, ram));
      MapReader careless = unsafe.reader();
      careless.store(dma, 0, 4, 0x1234);
      try (ReadSection _ = careless.enter()) {
        unsafe.update(tx -> {
          tx.delSubregion(ram);
          ram.close();
        });
        assertThrows(IllegalStateException.class, () -> careless.load(dma, 0, 4));
      }
    }
  }

  /** Writer: commit, then tell. Reader: hear, then enter. It must not find an older generation than it heard of. */
  @Test
  void b4AfterCommitReturnsEverySectionEnteredLaterSeesTheNewGeneration() {
    MemoryRegion device = mmio("device", 0x100);
    place(0, device);
    AtomicLong told = new AtomicLong(memory.generation());
    race((_, i) -> {
      long offset = 0x1000L * (i % 16);
      told.set(memory.update(tx -> tx.setAddress(device, offset)).generation());
      policy.runGracePeriod();
    }, (own, _) -> {
      long heard = told.get();
      try (ReadSection _ = own.enter()) {
        assertTrue(own.generation() >= heard, () -> "heard of " + heard + ", saw " + own.generation());
      }
    });
  }

  @Test
  void b4GenerationsNeverGoBackForOneReader() {
    MemoryRegion device = mmio("device", 0x100);
    place(0, device);
    ThreadLocal<Long> last = ThreadLocal.withInitial(() -> 0L);
    race((_, i) -> {
      memory.update(tx -> tx.setAddress(device, 0x1000L * (i % 16)));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        assertTrue(own.generation() >= last.get());
        last.set(own.generation());
      }
    });
  }

  /**
   * Two spaces change together; the first leads into the second through an IOMMU. With a pointer for each space a
   * reader could leave the old first space and arrive in the new second one.
   */
  @Test
  void b8AHopBetweenSpacesSeesBothInOneGeneration() {
    MemoryRegion.Container target = memory.container("target", Size.FULL);
    MemoryRegion[] here = {mmio("even", 0x1000), mmio("odd", 0x1000)};
    MemoryRegion[] there = {mmio("even", 0x1000), mmio("odd", 0x1000)};
    AddressSpace far = memory.addressSpace("far", target);
    MemoryRegion iommu = memory.iommu("iommu", Size.kib(4), (_, _, _, _, entry) -> {
      Thread.yield();
      entry.grant(far, 0, 0xfff, true, true);
    });
    memory.update(tx -> tx
        .addSubregion(system, 0, here[0])
        .addSubregion(system, 0x8000, iommu)
        .addSubregion(target, 0, there[0]));
    race((_, i) -> {
      int next = (i + 1) % 2;
      memory.update(tx -> tx
          .delSubregion(here[i % 2]).addSubregion(system, 0, here[next])
          .delSubregion(there[i % 2]).addSubregion(target, 0, there[next]));
      policy.runGracePeriod();
    }, (own, _) -> {
      try (ReadSection _ = own.enter()) {
        String near = name(own, space, 0);
        assertEquals(near, name(own, space, 0x8000));
        assertEquals(near, name(own, far, 0));
      }
    });
  }
}
