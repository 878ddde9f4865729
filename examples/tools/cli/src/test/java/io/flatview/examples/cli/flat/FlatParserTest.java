package io.flatview.examples.cli.flat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.memory.AddressRange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FlatParserTest {

  private static FlatDocument parse(String text) {
    return FlatParser.parse(DumpText.of("test", text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String problems(String text) {
    return assertThrows(DumpException.class, () -> parse(text)).getMessage();
  }

  @Test
  void aViewIsSharedByItsSpaces() {
    FlatDocument document = parse("""
        FlatView #3
         AS "a b", root: system
         AS "c", root: alias x, alias y
         Root memory region: system
          0000000000001000-0000000000001fff (prio -1, nv-ram): dimm @ 1 @0000000000000800 owner:{dev id=d} KVM

        """);
    ViewRange range = new ViewRange(
        new AddressRange(0x1000, 0x1fff), "nv-ram", "dimm @ 1", 0x800, OptionalInt.of(-1));
    assertEquals(
        List.of(
            new SpaceView("a b", Optional.of("system"), List.of(range)),
            new SpaceView("c", Optional.of("system"), List.of(range))),
        document.spaces());
  }

  @Test
  void aViewMayBeEmpty() {
    FlatDocument document = parse("""
        FlatView #0
         AS "a", root: system
         Root memory region: (none)
          No rendered FlatView

        """);
    assertEquals(List.of(new SpaceView("a", Optional.empty(), List.of())), document.spaces());
  }

  @Test
  void aPageTableIsMeasured() {
    FlatDocument document = parse("""
        FlatView #0
         AS "a", root: io
         Root memory region: io
          0000000000000000-00000000000003ff (prio 0, i/o): io
          Dispatch
            Physical sections
              #0 @0000000000000000..ffffffffffffffff (noname) [unassigned]
              #1 @0000000000000000..0000000000000fff (noname) [not dirty]
              #2 @0000000000000000..00000000000003ff io [ROM] [ROOT]
            Nodes (9 bits per level, 6 levels) ptr=[1] skip=6
              [0]
        \t  0       skip=5  ptr=[1]
        \t  1..511  skip=1  ptr=NIL
              [1]
        \t  0       skip=1  ptr=[2]
        \t  1..511  skip=1  ptr=NIL
              [2]
        \t  0       skip=0  ptr=#1
        \t  1..511  skip=0  ptr=#0

        """);
    assertEquals(
        Optional.of(new PageTableText(3, 3, 2, OptionalInt.of(0x1000))), document.views().getFirst().pageTable());
  }

  @Test
  void aRootWithoutSkipIsASection() {
    FlatDocument document = parse("""
        FlatView #0
         AS "a", root: ram
         Root memory region: ram
          0000000000000000-ffffffffffffffff (prio 0, ram): ram
          Dispatch
            Physical sections
              #0 @0000000000000000..ffffffffffffffff (noname) [unassigned]
              #1 @0000000000000000..ffffffffffffffff ram [not dirty] [ROOT]
            Nodes (9 bits per level, 6 levels) ptr=[1] skip=0
              [0]
        \t  0..511  skip=0  ptr=#1

        """);
    assertEquals(0, document.views().getFirst().pageTable().orElseThrow().depth());
  }

  @Test
  void aPageTableThatLeadsInACircleIsAProblem() {
    assertTrue(problems("""
        FlatView #0
         AS "a", root: ram
         Root memory region: ram
          0000000000000000-ffffffffffffffff (prio 0, ram): ram
          Dispatch
            Physical sections
              #0 @0000000000000000..ffffffffffffffff (noname) [unassigned]
            Nodes (9 bits per level, 6 levels) ptr=[0] skip=1
              [0]
        \t  0..511  skip=1  ptr=[0]

        """).contains("do not form a tree"));
  }

  @Test
  void aViewMustSayWhatItShowsOrThatItShowsNothing() {
    assertTrue(problems("""
        FlatView #0
         AS "a", root: system
         Root memory region: system

        """).contains("must have either ranges or 'No rendered FlatView'"));
  }

  @Test
  void allProblemsAreReportedTogether() {
    String problems = problems("""
        FlatView #0
         AS "a" root: system
         Root memory region: system
          0000000000000000-00000000000003ff (prio 0, io): io
        """);
    assertTrue(problems.contains("test:2: expected '\", root: '"), problems);
    assertTrue(problems.contains("test:4: 'io' is no type of region"), problems);
    assertTrue(problems.contains("test:4: the view of line 1 is not ended"), problems);
  }
}
