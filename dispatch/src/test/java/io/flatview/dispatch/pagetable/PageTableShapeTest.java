package io.flatview.dispatch.pagetable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page table has one shape for one set of sections, with no more slots than keep its entries apart. */
class PageTableShapeTest {

  private static final PageGeometry PAGES = new PageGeometry(12);

  private static final MmioHandler SILENT = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  /** A section whose region and attributes all others have. */
  private final MemoryRegionSection model = model();

  private final PhysPageMap empty = PhysPageMap.empty(PhysSection.unassigned(model));

  private static MemoryRegionSection model() {
    try (DispatchMemory memory = DispatchMemory.create(new ManualReclaimPolicy())) {
      return memory.addressSpace("memory", memory.mmio("device", Size.kib(4), SILENT)).flatView().sections().getFirst();
    }
  }

  private MemoryRegionSection section(long first, long last) {
    return new MemoryRegionSection(new AddressRange(first, last), model.region(), 0, model.attributes());
  }

  private PhysPageMap table(PageGeometry pages, List<MemoryRegionSection> sections) {
    PhysPageMapEditor editor = new PhysPageMapEditor(pages, empty);
    sections.forEach(editor::add);
    return editor.finish();
  }

  private List<MemoryRegionSection> spaced(int count, long distance) {
    List<MemoryRegionSection> sections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sections.add(section(i * distance, i * distance + 0xfff));
    }
    return sections;
  }

  private int slots(int count, long distance) {
    return table(PAGES, spaced(count, distance)).root().slots.length;
  }

  @Test
  void devicesWithGapsTakeASlotEach() {
    assertEquals(64, slots(64, 0x1000));
    assertEquals(64, slots(64, 0x2000));
    assertEquals(64, slots(64, 0x4000));
  }

  @Test
  void aSectionInAGapDividesTheSlotsUntilItGoes() {
    List<MemoryRegionSection> sections = spaced(64, 0x2000);
    PhysPageMapEditor editor = new PhysPageMapEditor(PAGES, table(PAGES, sections));
    MemoryRegionSection between = section(0x1000, 0x17ff);
    editor.add(between);
    assertEquals(128, editor.finish().root().slots.length);
    editor.remove(between);
    assertEquals(64, editor.finish().root().slots.length);
  }

  @Test
  void aPageThatSectionsShareDividesNoSlots() {
    List<MemoryRegionSection> sections = spaced(64, 0x2000);
    sections.set(5, section(0xa000, 0xa7ff));
    sections.add(section(0xa800, 0xafff));
    assertEquals(64, table(PAGES, sections).root().slots.length);
  }

  /** Sections side by side, with holes or without, of sizes that take parts of pages, pages and many pages. */
  private List<MemoryRegionSection> randomSections(SplittableRandom random) {
    List<MemoryRegionSection> sections = new ArrayList<>();
    long next = random.nextLong(1L << random.nextInt(1, 40)) << random.nextInt(13);
    for (int i = 0; i < 40; i++) {
      long last = next + (random.nextLong(1L << random.nextInt(1, 24)) << random.nextInt(13) | 0xff);
      sections.add(section(next, last));
      next = random.nextBoolean() ? last + 1 : last + 1 + (random.nextLong(1L << random.nextInt(1, 30)) & -0x100);
    }
    return sections;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 16})
  void sectionsInWhateverOrderMakeOneTable(int pageBits) {
    PageGeometry pages = new PageGeometry(pageBits);
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<MemoryRegionSection> away = randomSections(random);
      List<MemoryRegionSection> there = new ArrayList<>();
      PhysPageMap present = empty;
      for (int i = 0; i < 150; i++) {
        present = toggled(pages, present, there, away, random);
        assertTrue(present.sameAs(table(pages, shuffled(there, random))), "seed " + seed + ", change " + i);
        assertKeepsApartAndNoMore(present.root());
        assertLeads(present, there, away);
      }
    }
  }

  private static PhysPageMap toggled(PageGeometry pages, PhysPageMap present, List<MemoryRegionSection> there,
      List<MemoryRegionSection> away, SplittableRandom random) {
    PhysPageMapEditor editor = new PhysPageMapEditor(pages, present);
    int chosen = random.nextInt(there.size() + away.size());
    if (chosen < there.size()) {
      MemoryRegionSection gone = there.remove(chosen);
      editor.remove(gone);
      away.add(gone);
    } else {
      MemoryRegionSection added = away.remove(chosen - there.size());
      editor.add(added);
      there.add(added);
    }
    return editor.finish();
  }

  private static List<MemoryRegionSection> shuffled(List<MemoryRegionSection> sections, SplittableRandom random) {
    List<MemoryRegionSection> shuffled = new ArrayList<>(sections);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled;
  }

  /** Some two neighbours that one slot would replace have different entries, in each node but those of its level. */
  private void assertKeepsApartAndNoMore(PhysPageEntry entry) {
    if (entry instanceof PhysPageNode node) {
      boolean needed = false;
      for (int i = 0; i < node.slots.length; i += 2) {
        needed |= node.slots[i] != node.slots[i + 1] && !isHole(node.slots[i]) && !isHole(node.slots[i + 1]);
        assertKeepsApartAndNoMore(node.slots[i]);
        assertKeepsApartAndNoMore(node.slots[i + 1]);
      }
      assertTrue(needed, () -> "a node of " + node.slots.length + " slots needs half of them");
    }
  }

  private boolean isHole(PhysPageEntry entry) {
    return entry == empty.unassigned();
  }

  private static void assertLeads(
      PhysPageMap table, List<MemoryRegionSection> there, List<MemoryRegionSection> away) {
    for (MemoryRegionSection section : there) {
      assertSame(section, table.find(section.range().first()).section);
      assertSame(section, table.find(section.range().last()).section);
    }
    for (MemoryRegionSection section : away) {
      assertSame(table.unassigned(), table.find(section.range().first()));
      assertSame(table.unassigned(), table.find(section.range().last()));
    }
  }
}
