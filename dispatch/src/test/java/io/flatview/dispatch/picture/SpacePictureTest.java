package io.flatview.dispatch.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.Cover;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture must not lie: the region that answers in it answers in the view, and nothing covers anything else. */
class SpacePictureTest {

  private static final MmioHandler SILENT = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      // Keeps nothing.
    }
  };

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.FULL);

  @AfterEach
  void close() {
    memory.close();
    policy.runGracePeriod();
  }

  /** How many bands show another region than the view does. */
  private static long lies(BoxCollector collected, FlatView view) {
    Axis axis = Axis.of(view, collected.boxes());
    Owners owners = new Owners(axis, collected.boxes());
    return axis.bands().stream()
        .filter(band -> owners.of(band).map(Box::shown).orElse(null)
            != view.find(band.range().first()).map(section -> section.region()).orElse(null))
        .count();
  }

  private BoxCollector collected() {
    return BoxCollector.collect(RegionNode.of(system));
  }

  private AddressSpace randomMachine(long seed) {
    Random random = new Random(seed);
    List<MemoryRegion.Parent> parents = new ArrayList<>(List.of(system));
    List<MemoryRegion> all = new ArrayList<>(List.of(system));
    List<IntFunction<MemoryRegion>> kinds = List.of(
        i -> memory.container("bus" + i, Size.bytes(random.nextInt(0x4000))),
        i -> memory.ram("ram" + i, Size.bytes(0x1000L * (1 + random.nextInt(3)))),
        i -> memory.rom("rom" + i, Size.bytes(0x800)),
        i -> memory.mmio("device" + i, Size.bytes(random.nextInt(0x900)), SILENT),
        i -> memory.reserved("hole" + i, Size.bytes(0x123)),
        i -> memory.alias("window" + i, all.get(1 + random.nextInt(all.size() - 1)), random.nextInt(0x800),
            Size.bytes(random.nextInt(0x2800))));
    memory.update(tx -> {
      for (int i = 0; i < 40; i++) {
        MemoryRegion made = kinds.get(i == 0 ? 0 : random.nextInt(kinds.size())).apply(i);
        tx.addSubregion(
            parents.get(random.nextInt(parents.size())), random.nextInt(0x6000), made, random.nextInt(3) - 1);
        all.add(made);
        if (made instanceof MemoryRegion.Parent parent) {
          parents.add(parent);
        }
        if (random.nextInt(8) == 0) {
          tx.setEnabled(made, false);
        }
      }
    });
    return memory.addressSpace("memory", system);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whoAnswersInThePictureAnswersInTheView(long seed) {
    AddressSpace space = randomMachine(seed);
    assertEquals(0, lies(collected(), space.flatView()));
  }

  @Test
  void aPictureOfAnotherMapIsALie() {
    AddressSpace space = randomMachine(1);
    FlatView before = space.flatView();
    memory.update(tx -> tx.addSubregion(system, 0x100, memory.ram("late", Size.bytes(0x100)), 9));
    assertTrue(lies(collected(), before) > 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35})
  void boxesOfALaneDoNotOverlapAndWinnersStandToTheRight(long seed) {
    randomMachine(seed);
    List<Lanes.Lane> lanes = new Lanes(collected().boxes(), 0).lanes();
    for (Lanes.Lane one : lanes) {
      for (Lanes.Lane other : lanes) {
        one.boxes().forEach(box -> other.boxes().stream()
            .filter(o -> o != box && o.level() == box.level() && o.range().overlaps(box.range()))
            .forEach(o -> assertEquals(o.rank() < box.rank(), other.left() > one.left(), box + " and " + o)));
      }
    }
  }

  @Test
  void aMirrorOfAnAncestorComesToAnEnd() {
    MemoryRegion.Ram ram = memory.ram("ram", Size.bytes(0x1000));
    MemoryRegion.Alias mirror = memory.alias("mirror", system, 0, Size.bytes(0x8000));
    memory.update(tx -> tx.addSubregion(system, 0, ram).addSubregion(system, 0x1000, mirror));
    AddressSpace space = memory.addressSpace("memory", system);
    assertEquals(0, lies(collected(), space.flatView()));
  }

  @Test
  void whatIsHiddenSaysByWhomAndWhatIsDisabledIsCounted() {
    MemoryRegion.Ram ram = memory.ram("low & <high>", Size.bytes(0x4000));
    MemoryRegion.Mmio device = memory.mmio("uart", Size.bytes(0x1000), SILENT);
    MemoryRegion.Rom off = memory.rom("off", Size.bytes(0x1000));
    memory.update(tx -> tx
        .addSubregion(system, 0, ram).addSubregion(system, 0x1000, device, 1)
        .addSubregion(system, 0, off, 2).setEnabled(off, false));
    AddressSpace space = memory.addressSpace("memory", system);
    String svg = memory.inspect().svg(List.of(space));
    assertTrue(svg.contains(">under uart</text>"), svg);
    assertTrue(svg.contains("shows in part, hidden by uart"), svg);
    assertTrue(svg.contains("low &amp; &lt;high&gt;"), svg);
    assertTrue(svg.contains("3 ranges \u00b7 1 disabled left out"), svg);
    assertFalse(svg.contains("<high>"), svg);
    assertTrue(memory.inspect().html("a \"board\"", List.of(space)).contains("<h1>a &quot;board&quot;</h1>"));
  }

  @Test
  void theLegendNamesWhatIsDrawnAsTheDocumentationDoes() {
    memory.update(tx -> tx.addSubregion(system, 0, memory.mmio("uart", Size.bytes(8), SILENT)));
    String svg = memory.inspect().svg(List.of(memory.addressSpace("memory", system)));
    for (Kind kind : Kind.values()) {
      assertTrue(svg.contains(">" + kind.legend + "</text>"), kind + " in " + svg);
    }
    assertTrue(svg.contains(">devices</text>"), svg);
    assertFalse(svg.contains("registers"), svg);
  }

  @Test
  void spacesThatShowNothingAreLeftOut() {
    AddressSpace space = memory.addressSpace("empty", system);
    assertFalse(memory.inspect().svg(List.of(space)).contains("empty"));
  }

  @Test
  void amountsAreExactOrSaySo() {
    assertEquals("1 B", Amounts.of(new AddressRange(7, 7)));
    assertEquals("640 KiB", Amounts.of(new AddressRange(0, 0x9ffff)));
    assertEquals("~3.81 GiB", Amounts.of(new AddressRange(0x800_0000L, 0xfbff_ffffL)));
    assertEquals("16 EiB", Amounts.of(AddressRange.ALL));
  }

  @Test
  void takenAddressesAreJoined() {
    Cover cover = new Cover();
    cover.take(new AddressRange(0x10, 0x1f));
    cover.take(new AddressRange(0x30, 0x3f));
    assertEquals(List.of(new AddressRange(0, 0xf), new AddressRange(0x20, 0x2f), new AddressRange(0x40, -1)),
        cover.gaps(AddressRange.ALL));
    cover.take(new AddressRange(0x20, 0x2f));
    assertTrue(cover.isTaken(new AddressRange(0x11, 0x3e)));
    cover.take(AddressRange.ALL);
    assertTrue(cover.isTaken(AddressRange.ALL));
  }
}
