package io.flatview.examples.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.bench.run.Outcome;
import io.flatview.examples.bench.run.Trial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTest {

  private static final Trial BASE = new Trial(RowTest.class, "base", 1, Map.of());
  private static final Trial TRIAL = new Trial(RowTest.class, "trial", 2, Map.of("objects", "1000"));
  private static final Anchor ANCHOR = new Anchor("1.20", "somebody");

  private static List<String> cells(Unit unit, Target target, Outcome outcome) {
    Subject subject = new Subject("a", "b", TRIAL, Optional.of(BASE), unit, ANCHOR, target);
    return Row.of(subject, Map.of(BASE, nanos(2, 0), TRIAL, outcome)).cells();
  }

  private static Outcome nanos(double nanos, double bytes) {
    return new Outcome(nanos, Double.NaN, bytes, Double.NaN);
  }

  @Test
  void aRatioIsMetAsItIsDisplayed() {
    assertEquals(List.of("a", "b", "4.08", "ns", "2.0", "0", "1.20 somebody", "<=2.0x", "yes"),
        cells(Unit.NANOS, Target.ratioAtMost(2), nanos(4.08, 0.001)));
    assertEquals("NO", cells(Unit.NANOS, Target.ratioAtMost(2), nanos(4.12, 0)).getLast());
  }

  @Test
  void aRatioIsNotMetByAllocating() {
    assertEquals("NO", cells(Unit.NANOS, Target.ratioAtMost(2), nanos(1, 16)).getLast());
  }

  @Test
  void latenciesShowMedianAndTailInMicroseconds() {
    List<String> cells = cells(Unit.MICROS, Target.atMost(10), new Outcome(9_000, 123_456, 0, Double.NaN));
    assertEquals(List.of("9.00 / 123", "us"), cells.subList(2, 4));
    assertEquals("yes", cells.getLast());
  }

  @Test
  void throughputCountsTheObjectsOfAllThreads() {
    List<String> cells = cells(Unit.MILLIONS_PER_SECOND, Target.atLeast(100), nanos(10_000, 0));
    assertEquals("200", cells.get(2));
    assertEquals("yes", cells.getLast());
  }

  @Test
  void whatGaveNoResultMeetsNoTarget() {
    Subject subject = new Subject("a", "b", TRIAL, Optional.of(BASE), Unit.NANOS, ANCHOR, Target.ratioAtMost(2));
    List<String> cells = Row.of(subject, Map.of()).cells();
    assertEquals("none", cells.get(2));
    assertEquals("NO", cells.getLast());
  }

  @Test
  void aLineOrABaseWithoutAResultHasNoRatioThatIsMet() {
    for (Target target : List.of(Target.growthAtMost(2), Target.atMostAndRatio(10, 3))) {
      Subject subject = new Subject("a", "b", TRIAL, Optional.of(BASE), Unit.MICROS_EACH, ANCHOR, target);
      assertEquals("NO", Row.of(subject, Map.of(BASE, nanos(2, 0))).cells().getLast());
      assertEquals("NO", Row.of(subject, Map.of(TRIAL, nanos(2, 0))).cells().getLast());
    }
  }

  @Test
  void aLineWithALimitOfBytesMeetsBoth() {
    Target target = Target.atMostWithBytes(2, 4096);
    assertEquals("yes", cells(Unit.MICROS_EACH, target, nanos(2_000, 4_096)).getLast());
    assertEquals("NO", cells(Unit.MICROS_EACH, target, nanos(2_000, 4_097)).getLast());
    assertEquals("NO", cells(Unit.MICROS_EACH, target, nanos(2_001, 4_096)).getLast());
  }
}
