package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page table leads where the view says, for every page size and every shape. */
class PageTableTest {

  private static final MmioHandler SILENT = new Registers();

  /** A machine with the given page size, for one question. */
  private static void on(int pageSize, BiConsumer<DispatchMemory, MemoryRegion.Container> question) {
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    try (DispatchMemory memory = DispatchMemory.create(policy, DispatchOptions.defaults().withPageSize(pageSize))) {
      question.accept(memory, memory.container("system", Size.FULL));
    }
  }

  private static void onUsualPages(BiConsumer<DispatchMemory, MemoryRegion.Container> question) {
    on(4096, question);
  }

  private static MemoryRegion device(DispatchMemory memory, String name, long size) {
    return memory.mmio(name, Size.bytes(size), SILENT);
  }

  /** Asks for every edge of every section, and for addresses a level of the tree away from them. */
  private static void assertAgrees(DispatchMemory memory, AddressSpace space) {
    FlatView view = space.flatView();
    try (MapReader reader = memory.newReader("prober"); ReadSection _ = reader.enter()) {
      for (MemoryRegionSection section : view.sections()) {
        for (long edge : new long[] {section.range().first(), section.range().last()}) {
          for (long near = -1; near <= 1; near++) {
            assertLeads(reader, space, view, edge + near);
          }
          for (int bit = 8; bit < 64; bit++) {
            assertLeads(reader, space, view, edge ^ 1L << bit);
          }
        }
      }
    }
  }

  private static void assertLeads(MapReader reader, AddressSpace space, FlatView view, long address) {
    MemoryRegionSection expected = view.find(address).orElse(null);
    Translation found = reader.translate(space, address, 1, Access.READ);
    assertEquals(expected, found.isAssigned() ? found.section() : null, () -> "at " + Long.toHexString(address));
    if (expected != null) {
      assertEquals(expected.offsetOf(address), found.offset());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void everyPageSizeAgreesWithTheView(int pageSize) {
    on(pageSize, (memory, system) -> {
      long p = pageSize;
      memory.update(tx -> tx
          .addSubregion(system, 0, device(memory, "first byte", 1))
          .addSubregion(system, p - 1, device(memory, "across an edge", 2))
          .addSubregion(system, 2 * p, device(memory, "a page", p))
          .addSubregion(system, 3 * p, device(memory, "the next page", p))
          .addSubregion(system, 4 * p + 7, device(memory, "head, pages and tail", 5 * p))
          .addSubregion(system, 16 * p, device(memory, "large", 1024 * p + 3))
          .addSubregion(system, 0x4000_0000_0000L, device(memory, "far", 1L << 40))
          .addSubregion(system, Long.MIN_VALUE - p, device(memory, "across the sign", 2 * p))
          .addSubregion(system, -p, device(memory, "last page", p)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 4096, 65536})
  void randomMapsAgreeWithTheView(int pageSize) {
    SplittableRandom random = new SplittableRandom(pageSize);
    for (int round = 0; round < 20; round++) {
      on(pageSize, (memory, system) -> {
        memory.update(tx -> {
          for (int i = 0; i < 40; i++) {
            long at = random.nextLong() << 8 * random.nextInt(8) >>> 8 * random.nextInt(8);
            long size = random.nextLong(1, 1L << 1 + random.nextInt(30));
            tx.addSubregion(system, at, device(memory, "device " + i, size), random.nextInt(3));
          }
        });
        assertAgrees(memory, memory.addressSpace("memory", system));
      });
    }
  }

  @Test
  void everythingInAnEmptySpaceIsAHole() {
    onUsualPages((memory, system) -> {
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void sectionZeroAnswersForHolesInEveryKindOfPage() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> tx
          .addSubregion(system, 0x1000, device(memory, "page", 0x1000))
          .addSubregion(system, 0x3010, device(memory, "bytes", 0x10)));
      AddressSpace space = memory.addressSpace("memory", system);
      try (MapReader reader = memory.newReader("prober"); ReadSection _ = reader.enter()) {
        for (long hole : new long[] {0, 0xfff, 0x2000, 0x2fff, 0x3000, 0x300f, 0x3020, 0x3fff, 0x4000, -1}) {
          Translation t = reader.translate(space, hole, 1, Access.READ);
          assertEquals("unassigned", t.section().region().name());
          assertEquals(hole, t.offset());
        }
      }
    });
  }

  @Test
  void aSectionMayBeginAndEndWithinPages() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> tx.addSubregion(system, 0x0800, device(memory, "device", 0x3000)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void manySectionsMayShareAPage() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> {
        for (int i = 0; i < 16; i++) {
          tx.addSubregion(system, 0x5000 + i * 0x100, device(memory, "device " + i, i % 2 == 0 ? 0x100 : 0x80));
        }
      });
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void everyByteOfAPageMayBelongToAnotherRegion() {
    on(256, (memory, system) -> {
      memory.update(tx -> {
        for (int i = 0; i < 256; i++) {
          tx.addSubregion(system, 0x100 + i, device(memory, "byte " + i, 1));
        }
      });
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void aHeadAndATailMayShareTheirPagesWithNeighbours() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> tx
          .addSubregion(system, 0x0000, device(memory, "left", 0x1800))
          .addSubregion(system, 0x1800, device(memory, "middle", 0x1000))
          .addSubregion(system, 0x2800, device(memory, "right", 0x1800)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void aLargeAlignedSectionIsReachedEverywhere() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> tx.addSubregion(system, 0, device(memory, "huge", 1L << 48)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void aDeviceOf2To64IsReachedEverywhere() {
    onUsualPages((memory, _) -> {
      assertAgrees(memory, memory.addressSpace("memory", memory.mmio("all", Size.FULL, SILENT)));
    });
  }

  @Test
  void neighboursFarFromZeroAreToldApart() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> tx
          .addSubregion(system, 0x1_2345_6000L, device(memory, "a", 0x1000))
          .addSubregion(system, 0x1_2345_8000L, device(memory, "b", 0x1000)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void anAddressThatDiffersOnlyInASkippedLevelIsAHole() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> tx.addSubregion(system, 0x1_2345_6000L, device(memory, "page", 0x1000)));
      AddressSpace space = memory.addressSpace("memory", system);
      try (MapReader reader = memory.newReader("prober"); ReadSection _ = reader.enter()) {
        assertTrue(reader.translate(space, 0x1_2345_6000L, 1, Access.READ).isAssigned());
        for (int bit = 12; bit < 64; bit++) {
          long twin = 0x1_2345_6000L ^ 1L << bit;
          assertEquals("unassigned", reader.translate(space, twin, 1, Access.READ).section().region().name());
        }
      }
    });
  }

  @Test
  void pathsOfDifferentDepthLiveTogether() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> {
        for (int bit = 12; bit < 64; bit++) {
          tx.addSubregion(system, 1L << bit, device(memory, "at 2^" + bit, 0x1000));
        }
      });
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 4096, 65536})
  void theLastPageOfTheSpaceIsReached(int pageSize) {
    on(pageSize, (memory, system) -> {
      memory.update(tx -> tx.addSubregion(system, -pageSize, device(memory, "last page", pageSize)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
    on(pageSize, (memory, system) -> {
      memory.update(tx -> tx.addSubregion(system, -1, device(memory, "last byte", 1)));
      assertAgrees(memory, memory.addressSpace("memory", system));
    });
  }

  @Test
  void moreThan4096SectionsFitInOneView() {
    onUsualPages((memory, system) -> {
      memory.update(tx -> {
        for (int i = 0; i < 3_000; i++) {
          tx.addSubregion(system, i * 0x2000L, device(memory, "page " + i, 0x1000));
          tx.addSubregion(system, 0x1_0000_0000L + i * 0x20L, device(memory, "bytes " + i, 0x10));
        }
      });
      AddressSpace space = memory.addressSpace("memory", system);
      assertEquals(6_000, space.flatView().sections().size());
      assertAgrees(memory, space);
    });
  }
}
