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

  private static Subject subject(Unit unit, Peer peer) {
    return new Subject("a", "b", TRIAL, Optional.of(BASE), unit, peer);
  }

  private static List<String> cells(Unit unit, Peer peer, Outcome outcome) {
    return Row.of(subject(unit, peer), Map.of(BASE, nanos(2, 0), TRIAL, outcome)).cells();
  }

  private static Outcome nanos(double nanos, double bytes) {
    return new Outcome(nanos, Double.NaN, bytes, Double.NaN);
  }

  @Test
  void aLineHasItsRatiosToTheBaseAndToThePeer() {
    assertEquals(List.of("a", "b", "4.08", "ns", "2.0", "16", "1.20 liburcu", "3.4"),
        cells(Unit.NANOS, new Peer("1.20", "liburcu"), nanos(4.08, 16)));
  }

  @Test
  void aRatioToAPeerHasTwoDigitsHoweverSmall() {
    assertEquals("0.041", cells(Unit.MICROS_EACH, new Peer("48", "QEMU"), nanos(1_968, 0)).getLast());
    assertEquals("41", cells(Unit.MICROS_EACH, new Peer("48", "QEMU"), nanos(1_968_000, 0)).getLast());
  }

  @Test
  void aPeerThatIsNoNumberGivesNoRatio() {
    assertEquals("", cells(Unit.NANOS, new Peer("1.7-3.2x", "QEMU"), nanos(4, 0)).getLast());
    assertEquals("", cells(Unit.NANOS, Peer.NONE, nanos(4, 0)).getLast());
  }

  @Test
  void latenciesShowMedianAndTailInMicroseconds() {
    List<String> cells = cells(Unit.MICROS, Peer.NONE, new Outcome(9_000, 123_456, 0, Double.NaN));
    assertEquals(List.of("9.00 / 123", "us"), cells.subList(2, 4));
  }

  @Test
  void throughputCountsTheObjectsOfAllThreads() {
    assertEquals("200", cells(Unit.MILLIONS_PER_SECOND, Peer.NONE, nanos(10_000, 0)).get(2));
  }

  @Test
  void whatGaveNoResultHasNoRatio() {
    List<String> cells = Row.of(subject(Unit.NANOS, new Peer("1.20", "liburcu")), Map.of()).cells();
    assertEquals(List.of("none", "ns", "", "", "1.20 liburcu", ""), cells.subList(2, 8));
  }

  @Test
  void withoutABaseThereIsNoRatioToIt() {
    List<String> cells = Row.of(subject(Unit.NANOS, Peer.NONE), Map.of(TRIAL, nanos(2, 0))).cells();
    assertEquals("", cells.get(4));
  }
}
