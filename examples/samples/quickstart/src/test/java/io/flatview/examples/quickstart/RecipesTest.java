package io.flatview.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.BankSelection;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.RamBacking;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the recipes, of which the page shows parts. */
@Timeout(60)
class RecipesTest {

  private static final Path SOURCES = Path.of("src/test/java/io/flatview/examples/quickstart");
  private static final Path PAGE = Path.of("RECIPES.md");

  private final ReclaimPolicy policy = ReclaimPolicies.discover();
  private final MemorySystem memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.kib(64));
  private final AddressSpace space = memory.addressSpace("cpu", system);
  private final MapReader reader = memory.newReader("cpu");

  @AfterEach
  void close() {
    reader.close();
    memory.close();
    policy.close();
  }

  @Test
  void thePageShowsTheCodeThatIsCompiledAndRunHere() throws IOException {
    String source = plain(Files.readString(SOURCES.resolve("RecipesTest.java"))
        + Files.readString(SOURCES.resolve("HypervisorRecipeTest.java")));
    List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE)).results()
        .map(result -> result.group(1)).toList();
    assertTrue(blocks.size() >= 8, () -> blocks.size() + " recipes");
    blocks.forEach(block -> assertTrue(source.contains(plain(block)), block));
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }

  /** Has a data latch, as the bus keeps its last value. */
  private static final class Cpu {
    private long latch;
  }

  @Test
  void openBus() {
    Cpu cpu = new Cpu();
    AddressSpace bus = memory.addressSpace("bus", system,
        AddressSpaceOptions.DEFAULT.withAddressBits(16).withOpenBus((_, _) -> cpu.latch));
    cpu.latch = 0x4c;
    assertEquals(0x4c, reader.load(bus, 0x5000, 1));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  private record Waits(int cycles) {}

  @Test
  void waitStates() {
    MemoryRegion.Ram fast = memory.ram("fast", Size.kib(4));
    MemoryRegion.Rom slow = memory.rom("slow", Size.kib(4));
    memory.update(tx -> tx.addDisjoint(system, 0, fast).addDisjoint(system, 0x8000, slow));
    slow.attach(new Waits(3));
    assertEquals(0, cycles(0x10));
    assertEquals(3, cycles(0x8010));
  }

  private int cycles(long address) {
    try (ReadSection _ = reader.enter()) {
      MemoryRegion region = reader.translate(space, address, 1, Access.READ).section().region();
      return region.attachment() instanceof Waits waits ? waits.cycles() : 0;
    }
  }

  @Test
  void banks() {
    MemoryRegion.Rom rom = memory.rom("rom", Size.kib(256));
    for (int page = 0; page < 16; page++) {
      rom.copyIn(page * 0x4000L, MemorySegment.ofArray(new byte[] {(byte) page}));
    }
    MemoryRegion.Bank window = memory.bank("window", Size.kib(16), rom);
    MemoryRegion.Mmio mapper = memory.mmio("mapper", Size.bytes(1), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0xff;
      }

      @Override
      public void write(long offset, int size, long value) {
        window.select((int) value & 15);
      }
    });
    memory.update(tx -> tx.addSubregion(system, 0x8000, window).addSubregion(system, 0x5000, mapper));
    try (ReadSection _ = reader.enter()) {
      reader.store(space, 0x5000, 1, 7);
      assertEquals(7, reader.load(space, 0x8000, 1));
    }
  }

  /** A page of a CPU's translation cache. */
  private final class Page {

    private long generation = -1;
    private BankSelection selection;
    private MemorySegment memory;
    private long offset;

    int load(long address) {
      boolean filled = generation == reader.generation() && (selection == null || selection.isCurrent());
      if (!filled) {
        fill(address & -0x1000);
      }
      return memory == null
          ? (int) reader.load(space, address, 1)
          : memory.get(ValueLayout.JAVA_BYTE, offset + (address & 0xfff)) & 0xff;
    }

    private void fill(long page) {
      Translation found = reader.translate(space, page, 0x1000, Access.READ);
      memory = found.length() == 0x1000 ? found.selectedMemory() : null;
      offset = found.offset();
      selection = found.selection();
      generation = reader.generation();
    }
  }

  @Test
  void aCacheOfTheCpusOwn() {
    MemoryRegion.Rom rom = memory.rom("rom", Size.kib(8));
    rom.copyIn(0x1000, MemorySegment.ofArray(new byte[] {1}));
    MemoryRegion.Bank window = memory.bank("window", Size.kib(4), rom);
    memory.update(tx -> tx.addSubregion(system, 0x8000, window));
    Page page = new Page();
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 6; i++) {
        window.select(i % 2);
        assertEquals(i % 2, page.load(0x8000));
      }
    }
  }

  @Test
  void severalCpus() {
    MemoryRegion.Container bus = memory.container("bus", Size.kib(64));
    AddressSpace[] cpus = new AddressSpace[2];
    for (int i = 0; i < cpus.length; i++) {
      MemoryRegion.Container view = memory.container("view of cpu" + i, Size.kib(64));
      MemoryRegion.Alias shared = memory.alias("bus of cpu" + i, bus, 0, Size.kib(64));
      MemoryRegion.Ram own = memory.ram("own of cpu" + i, Size.kib(4));
      memory.update(tx -> tx.addSubregion(view, 0, shared).addSubregion(view, 0xf000, own, 1));
      cpus[i] = memory.addressSpace("cpu" + i, view);
    }
    memory.update(tx -> tx.addSubregion(bus, 0, memory.ram("shared", Size.kib(64))));
    reader.store(cpus[0], 0x1000, 1, 5);
    reader.store(cpus[0], 0xf000, 1, 6);
    assertEquals(5, reader.load(cpus[1], 0x1000, 1));
    assertEquals(0, reader.load(cpus[1], 0xf000, 1));
  }

  @Test
  void aDebuggersReads() {
    MemoryRegion.Rom rom = memory.rom("rom", Size.kib(4));
    memory.update(tx -> tx.addSubregion(system, 0, rom));
    MemorySegment bytes = MemorySegment.ofArray(new byte[16]);
    MemTxResult all = reader.peek(space, 0x0ff8, bytes);
    boolean patched = reader.poke(space, 0x10, MemorySegment.ofArray(new byte[] {(byte) 0xcc})).isOk();
    assertFalse(all.isOk());
    assertTrue(patched);
    assertEquals(0xcc, reader.load(space, 0x10, 1));
  }

  @Test
  void memoryOfTheEmbeddersOwn() throws Exception {
    Arena arena = Arena.ofShared();
    MemoryRegion.Ram ram = memory.ram("frame buffer", RamBacking.of(arena.allocate(0x1000)));
    memory.update(tx -> tx.addSubregion(system, 0xa000, ram));
    memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
    });
    ram.released().thenRun(arena::close);
    ram.released().toCompletableFuture().get(20, TimeUnit.SECONDS);
    policy.barrier();
    assertFalse(arena.scope().isAlive());
  }

  @Test
  void onePolicyForSeveralMachines() {
    try (MemorySystem other = DispatchMemory.create(policy); MapReader dma = other.newReader("dma")) {
      AddressSpace card = other.addressSpace("card", other.ram("card's own", Size.kib(4)));
      assertTrue(dma.store(card, 0, 1, 1).isOk());
    }
  }

  @Test
  void leavingASectionAfterAStoreToADevice() {
    MemoryRegion.Ram boot = memory.ram("boot", Size.kib(4));
    MemoryRegion.Mmio latch = memory.mmio("latch", Size.bytes(1), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        memory.update(tx -> tx.setEnabled(boot, false));
      }
    });
    memory.update(tx -> tx.addSubregion(system, 0, boot).addSubregion(system, 0x5000, latch));
    int[] steps = {0};
    while (steps[0] < 10) {
      try (ReadSection _ = reader.enter()) {
        while (steps[0] < 10 && memory.generation() == reader.generation()) {
          step(steps[0]++);
        }
      }
    }
    reader.load(space, 0, 1);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  private void step(int number) {
    if (number == 5) {
      reader.store(space, 0x5000, 1, 1);
    }
    boolean shows = reader.load(space, 0, 1) == 0 && reader.lastResult().isOk();
    assertEquals(number <= 5, shows, () -> "step " + number);
  }

  private static final class WordDevice implements MmioHandler {

    private final long[] registers = {0x1111, 0x2222};

    @Override
    public MmioRules rules() {
      return MmioRules.DEFAULT.withValid(AccessSizes.aligned(2, 2));
    }

    @Override
    public long read(long offset, int size) {
      return registers[(int) (offset >>> 1)];
    }

    @Override
    public void write(long offset, int size, long value) {
      registers[(int) (offset >>> 1)] = value;
    }
  }

  private long word(AddressSpace words, long address) {
    return reader.load(words, address << 1, 2);
  }

  @Test
  void aBusThatAddressesWords() {
    MemoryRegion.Container board = memory.container("board", Size.kib(128));
    MemoryRegion.Mmio device = memory.mmio("device", Size.bytes(4), new WordDevice());
    memory.update(tx -> tx.addSubregion(board, 0, memory.ram("ram", Size.kib(64)))
        .addSubregion(board, 0x1_0000, device));
    AddressSpace words = memory.addressSpace("words", board, AddressSpaceOptions.DEFAULT.withAddressBits(17));
    reader.store(words, 0xffL << 1, 2, 0xbeef);
    assertEquals(0xbeef, word(words, 0xff));
    assertEquals(0x2222, word(words, 0x8001));
    assertEquals(0xbeef, word(words, 0x1_00ff), "the lines end after 64 Ki words");
    reader.load(words, 0x1_0000, 1);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult(), "the device knows no bytes");
  }

  /** Maps the pages of a machine's memory for a device with an IOMMU of its own. */
  private static final class DmaMapper implements MemoryListener, RamDiscardListener {

    private static final int MOST = 6;

    private final Map<AddressRange, RamDiscardManager.Registration> sparse = new HashMap<>();
    private final BitSet pages = new BitSet();

    @Override
    public void regionAdd(MemoryRegionSection section) {
      if (section.region() instanceof MemoryRegion.Ram ram) {
        ram.discardManager().ifPresentOrElse(
            parts -> sparse.put(section.range(), parts.addListener(this, section)),
            () -> populate(section));
      }
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      RamDiscardManager.Registration registration = sparse.remove(section.range());
      if (registration != null) {
        registration.close();
      } else if (section.region() instanceof MemoryRegion.Ram) {
        discard(section);
      }
    }

    @Override
    public void populate(MemoryRegionSection section) {
      if (pages.cardinality() + count(section) > MOST) {
        throw new IllegalStateException("the device maps " + MOST + " pages");
      }
      pages.set(first(section), first(section) + count(section));
    }

    @Override
    public void discard(MemoryRegionSection section) {
      pages.clear(first(section), first(section) + count(section));
    }

    private static int first(MemoryRegionSection section) {
      return (int) (section.range().first() >>> 12);
    }

    private static int count(MemoryRegionSection section) {
      return (int) (section.range().last() >>> 12) - first(section) + 1;
    }
  }

  @Test
  void memoryThatIsPluggedInParts() {
    DmaMapper mapper = new DmaMapper();
    AddressSpace.Registration registration = space.addListener(mapper);
    MemoryRegion.Ram dimm = memory.ram("dimm", Size.kib(32));
    RamDiscardManager parts = dimm.newDiscardManager(0x1000);
    memory.update(tx -> tx.addSubregion(system, 0, memory.ram("ram", Size.kib(4)))
        .addSubregion(system, 0x8000, dimm));
    parts.populate(0x2000, 0x2000);
    assertEquals("{0, 10, 11}", mapper.pages.toString());
    assertThrows(MapException.class, () -> parts.populate(0x4000, 0x4000));
    parts.discard(0x2000, 0x1000);
    assertEquals("{0, 11}", mapper.pages.toString());
    assertEquals(0, reader.load(space, 0xa000, 8));
    List<AddressRange> toCopy = new ArrayList<>();
    List<AddressRange> toDiscard = new ArrayList<>();
    MemoryRegionSection whole = space.flatView().find(0x8000).orElseThrow();
    parts.replayPopulated(whole, part -> toCopy.add(part.range()));
    parts.replayDiscarded(whole, part -> toDiscard.add(part.range()));
    assertEquals(List.of(new AddressRange(0xb000, 0xbfff)), toCopy);
    assertEquals(List.of(new AddressRange(0x8000, 0xafff), new AddressRange(0xc000, 0xffff)), toDiscard);
    registration.close();
    assertEquals("{}", mapper.pages.toString());
  }

  @Test
  void placementsThatMustNotOverlap() {
    MemoryRegion.Ram ram = memory.ram("ram", Size.kib(32));
    MemoryRegion.Ram more = memory.ram("more", Size.kib(32));
    memory.update(tx -> tx.addDisjoint(system, 0, ram));
    assertThrows(MapException.class, () -> memory.update(tx -> tx.addDisjoint(system, 0x7000, more)));
    CommitTicket placed = memory.update(tx -> tx.addDisjoint(system, 0x8000, more));
    assertTrue(placed.generation() > 0);
  }
}
