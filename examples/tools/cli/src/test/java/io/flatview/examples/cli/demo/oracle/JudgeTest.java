package io.flatview.examples.cli.demo.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge is fed with what readers may see, and must be silent; and with what they may not see, and must say so. */
class JudgeTest {

  private static final int CAPACITY = 8;
  private static final int LEFT = 0;
  private static final int RIGHT = Frame.BLOCK;

  private final Ledger ledger = new Ledger(CAPACITY, map(Stamp.NOTHING, Stamp.NOTHING));
  private final Findings findings = new Findings();
  private final Judge judge = new Judge(ledger, findings, point -> "point " + point);
  private final Sighting seen = new Sighting("reader", 4);

  private static long[][] map(long left, long right) {
    long[][] blocks = new long[2][Frame.BLOCK];
    Arrays.fill(blocks[0], left);
    Arrays.fill(blocks[1], right);
    return blocks;
  }

  private static long region(int number) {
    return Stamp.of(2L * number, 0);
  }

  private long announce(int left, int right) {
    return ledger.announce(map(region(left), region(right)));
  }

  private void commit(int left, int right) {
    ledger.settle(announce(left, right));
  }

  private void enter() {
    seen.start(ledger.settled());
    seen.entered(1, ledger.announced());
  }

  private void see(long left, long right) {
    seen.note(LEFT, left);
    seen.note(RIGHT, right);
    judge.first(seen);
  }

  private void assertSilent() {
    assertEquals(Map.of(), findings.counts());
  }

  private void assertOnly(FindingKind kind) {
    assertEquals(Map.of(kind, 1L), findings.counts());
    assertEquals(kind, findings.first().getFirst().kind());
  }

  @Test
  void theMapInForceMayBeSeen() {
    commit(1, 2);
    enter();
    see(region(1), region(2));
    assertSilent();
  }

  @Test
  void whileACommitIsUnderWayEitherMapMayBeSeen() {
    commit(1, 2);
    announce(3, 4);
    enter();
    see(region(1), region(2));
    enter();
    see(region(3), region(4));
    assertSilent();
  }

  @Test
  void anOldMapMayBeSeenByASectionThatWasEnteredBeforeTheCommit() {
    commit(1, 2);
    enter();
    commit(3, 4);
    see(region(1), region(2));
    assertSilent();
  }

  @Test
  void aSectionEnteredAfterACommitReturnedMustNotSeeTheOldMap() {
    commit(1, 2);
    commit(3, 4);
    enter();
    see(region(1), region(2));
    assertOnly(FindingKind.OUTDATED);
  }

  @Test
  void aSectionMustNotSeeAMapThatWasCommittedLater() {
    commit(1, 2);
    enter();
    commit(3, 4);
    see(region(3), region(4));
    assertOnly(FindingKind.AHEAD);
  }

  @Test
  void halvesOfTwoMapsMustNotBeSeenTogether() {
    commit(1, 2);
    announce(3, 4);
    enter();
    see(region(1), region(4));
    assertOnly(FindingKind.MIXED);
  }

  @Test
  void aMappingThatWasNeverCommittedMustNotBeSeen() {
    commit(1, 2);
    enter();
    see(region(1), region(7));
    assertOnly(FindingKind.IMPOSSIBLE);
  }

  @Test
  void aRegionInAPlaceWhereItNeverWasMustNotBeSeen() {
    commit(1, 2);
    enter();
    see(region(2), region(2));
    assertOnly(FindingKind.IMPOSSIBLE);
  }

  @Test
  void aHoleWhereSomethingIsMappedMustNotBeSeen() {
    commit(1, 2);
    commit(3, 4);
    enter();
    see(Stamp.NOTHING, region(4));
    assertOnly(FindingKind.MIXED);
  }

  @Test
  void poisonMustNotBeSeen() {
    commit(1, 2);
    enter();
    see(region(1), Stamp.POISON);
    assertOnly(FindingKind.RECLAIMED);
  }

  @Test
  void aSecondLookMaySeeTheSame() {
    commit(1, 2);
    enter();
    see(region(1), region(2));
    judge.again(seen, 0, region(1));
    judge.again(seen, 1, region(2));
    assertSilent();
  }

  @Test
  void aSecondLookMustNotSeeAnotherMap() {
    commit(1, 2);
    enter();
    see(region(1), region(2));
    judge.again(seen, 1, region(4));
    assertOnly(FindingKind.CHANGED);
  }

  @Test
  void aSecondLookMustNotSeePoison() {
    commit(1, 2);
    enter();
    see(region(1), region(2));
    judge.again(seen, 0, Stamp.POISON);
    assertOnly(FindingKind.RECLAIMED);
  }

  @Test
  void theGracePeriodOfAnEarlierCommitMayEndInsideASection() {
    commit(1, 2);
    enter();
    ledger.quiesce(1);
    judge.last(seen);
    assertSilent();
  }

  @Test
  void theGracePeriodOfALaterCommitMustNotEndInsideASection() {
    commit(1, 2);
    enter();
    commit(3, 4);
    ledger.quiesce(2);
    judge.last(seen);
    assertOnly(FindingKind.EARLY);
  }

  @Test
  void theGracePeriodOfACommitThatChangedNothingMayEndInsideASection() {
    commit(1, 2);
    enter();
    commit(1, 2);
    ledger.quiesce(2);
    judge.last(seen);
    assertSilent();
  }

  @Test
  void aWriterThatOverrunsTheLedgerDuringASectionIsAGracePeriodThatEndedEarly() {
    commit(1, 2);
    enter();
    for (int i = 0; i < CAPACITY; i++) {
      commit(3, 4);
    }
    see(region(1), region(2));
    assertOnly(FindingKind.EARLY);
  }

  @Test
  void aFindingNamesTheReaderTheAddressWhatWasExpectedAndWhatWasSeen() {
    commit(1, 2);
    announce(3, 4);
    enter();
    see(region(1), Stamp.POISON);
    Finding finding = findings.first().getFirst();
    assertEquals("reader, generation 1, commits 1 to 2", finding.who());
    assertEquals("point 16: expected memory #4 cell 0 or memory #8 cell 0, saw poison", finding.what());
  }

  @Test
  void everyFindingIsCountedAndTheFirstFewAreKept() {
    commit(1, 2);
    for (int i = 0; i < 100; i++) {
      enter();
      see(Stamp.POISON, Stamp.POISON);
    }
    assertEquals(100, findings.total());
    assertTrue(findings.first().size() < 10);
  }
}
