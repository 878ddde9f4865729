package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Explanation;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Why an address decodes as it does. */
class ExplainTest extends OnAMachine {

  /** One line per candidate, indented by depth: {@code name @offset VERDICT}; the answer comes last. */
  private void assertExplains(long address, String... expected) {
    Explanation why = space.explain(address);
    String lines = why.candidates().stream()
        .map(c -> "  ".repeat(c.depth()) + c.region().name() + " @" + Long.toHexString(c.offset()) + " " + c.verdict())
        .collect(Collectors.joining("\n"));
    String answer = why.answer().map(Picture::of).orElse("nobody");
    assertEquals(String.join("\n", expected), lines + (lines.isEmpty() ? "" : "\n") + "-> " + answer);
    assertEquals(address, why.address());
    assertSame(space, why.addressSpace());
  }

  @Test
  void aRegionAnswers() {
    place(0x1000, mmio("uart", 0x100));
    assertExplains(0x1010, "system @1010 PASSES_ON", "  uart @10 ANSWERS", "-> 1000-10ff uart @0");
  }

  @Test
  void nobodyAnswersInAHole() {
    place(0x1000, mmio("uart", 0x100));
    assertExplains(0x2000, "system @2000 PASSES_ON", "-> nobody");
  }

  @Test
  void aHigherPriorityHidesALower() {
    place(0, ram("ram", 0x4000), 0);
    place(0x1000, rom("rom", 0x1000), 1);
    assertExplains(0x1010,
        "system @1010 PASSES_ON", "  rom @10 ANSWERS", "  ram @1010 HIDDEN", "-> 1000-1fff rom @0 ro");
  }

  @Test
  void aDisabledRegionIsNamed() {
    MemoryRegion uart = mmio("uart", 0x100);
    place(0, ram("ram", 0x1000), 0);
    place(0, uart, 1);
    enable(uart, false);
    assertExplains(0x10, "system @10 PASSES_ON", "  uart @10 DISABLED", "  ram @10 ANSWERS", "-> 0-fff ram @0");
  }

  @Test
  void aParentIsAskedAfterItsChildren() {
    MemoryRegion.Mmio rtc = mmio("rtc", 0x1000);
    place(rtc, 0x10, mmio("index", 0x10));
    place(0, rtc);
    assertExplains(0x18, "system @18 PASSES_ON", "    index @8 ANSWERS", "  rtc @18 HIDDEN", "-> 10-1f index @0");
    assertExplains(0x30, "system @30 PASSES_ON", "  rtc @30 ANSWERS", "-> 20-fff rtc @20");
  }

  @Test
  void anAliasPassesOnToItsTarget() {
    place(0x8000, alias("outer", alias("inner", ram("ram", 0x4000), 0x1000, 0x2000), 0x800, 0x800));
    assertExplains(0x8010,
        "system @8010 PASSES_ON", "  outer @10 PASSES_ON", "    inner @810 PASSES_ON", "      ram @1810 ANSWERS",
        "-> 8000-87ff ram @1800");
  }

  @Test
  void aCandidateKnowsItsPathFromTheRoot() {
    MemoryRegion.Container bus = container("bus", 0x1000);
    MemoryRegion uart = mmio("uart", 0x100);
    place(bus, 0, uart);
    place(0, bus);
    Explanation.Candidate answering = space.explain(0).candidates().getLast();
    assertEquals(Explanation.Verdict.ANSWERS, answering.verdict());
    assertEquals(List.of(system, bus, uart), answering.path());
  }

  @Test
  void aMirrorOfAnAncestorIsExplainedToItsEnd() {
    MemoryRegion.Container board = container("board", 0x4000);
    place(board, 0, ram("ram", 0x1000));
    place(board, 0x1000, alias("mirror", board, 0, 0x3000));
    place(0, board);
    assertEquals("ram", space.explain(0x3010).answer().orElseThrow().region().name());
    assertEquals(0x10, space.explain(0x3010).candidates().getLast().offset());
    assertTrue(space.explain(0x3010).candidates().size() < 20);
  }

  @Test
  void anAddressOutsideTheRootHasNoCandidates() {
    memory.update(tx -> tx.setSize(system, Size.kib(4)));
    assertExplains(0x1000, "-> nobody");
  }

  @Test
  void theLastAddressIsExplained() {
    place(-1, mmio("last", 1));
    assertExplains(-1,
        "system @ffffffffffffffff PASSES_ON", "  last @0 ANSWERS", "-> ffffffffffffffff-ffffffffffffffff last @0");
  }

  @Test
  void everyAddressOfABusyMapIsExplainedAsItDecodes() {
    MemoryRegion.Container bus = container("bus", 0x3000);
    MemoryRegion.Mmio rtc = mmio("rtc", 0x800);
    place(rtc, 0x100, mmio("index", 0x20));
    place(bus, 0x1000, rtc);
    place(0, ram("ram", 0x10000), -1);
    place(0x2000, bus);
    place(0x2800, alias("window", bus, 0x0800, 0x1000));
    for (long address = 0; address < 0x11000; address += 0x10) {
      Explanation why = space.explain(address);
      String answering = why.candidates().stream()
          .filter(c -> c.verdict() == Explanation.Verdict.ANSWERS)
          .map(c -> c.region().name())
          .findAny()
          .orElse("unassigned");
      assertEquals(who(address), answering);
      assertEquals(space.flatView().find(address), why.answer());
    }
  }
}
