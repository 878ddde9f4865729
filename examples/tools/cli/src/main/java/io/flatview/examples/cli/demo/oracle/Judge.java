package io.flatview.examples.cli.demo.oracle;

import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Decides whether a section may have seen what it saw.
 *
 * <p>A section entered after commit <i>a</i> had returned and before commit <i>b + 1</i> was begun sees the whole map
 * of one commit from <i>a</i> to <i>b</i>, from its first load to its last; and while it is open, the grace period of
 * commit
 * <i>b + 1</i> cannot end if that commit changed the map. Judging allocates nothing unless something is wrong.
 */
public final class Judge {

  private final Ledger ledger;
  private final Findings findings;
  private final IntFunction<String> places;

  /**
   * A judge.
   *
   * @param ledger the commits
   * @param findings where wrong reads go
   * @param places names a point, for messages
   */
  public Judge(Ledger ledger, Findings findings, IntFunction<String> places) {
    this.ledger = ledger;
    this.findings = findings;
    this.places = places;
  }

  /**
   * Judges the loads of a section, while it is open.
   *
   * @param seen the loads
   */
  public void first(Sighting seen) {
    if (!fits(seen, seen.settled(), seen.announced())) {
      FindingKind kind = kindOf(seen);
      findings.add(kind, () -> describe(kind, seen, culprit(seen)));
    }
  }

  /**
   * Judges a load that was repeated in the same section.
   *
   * @param seen the loads of the first pass
   * @param index which of them was repeated
   * @param word the word that it gave now
   */
  public void again(Sighting seen, int index, long word) {
    if (word != seen.word(index)) {
      FindingKind kind = word == Stamp.POISON ? FindingKind.RECLAIMED : FindingKind.CHANGED;
      findings.add(kind, () -> describe(kind, seen, place(seen, index) + ": " + changed(seen.word(index), word)));
    }
  }

  /**
   * Judges the grace periods at the end of a section, while it is still open.
   *
   * @param seen the loads of the section
   */
  public void last(Sighting seen) {
    long next = seen.announced() + 1;
    if (ledger.isQuiesced(next) && replaced(seen.announced())) {
      findings.add(FindingKind.EARLY, () -> describe(FindingKind.EARLY, seen, "that of commit " + next));
    }
  }

  /**
   * Takes down an access that threw.
   *
   * @param seen the loads so far
   * @param failure the exception that it threw
   */
  public void failed(Sighting seen, Throwable failure) {
    findings.add(FindingKind.FAILED, () -> describe(FindingKind.FAILED, seen, failure.toString()));
  }

  // A commit without a visible change has replaced no map, and need not wait for readers of it.
  private boolean replaced(long number) {
    Frame before = ledger.frame(number);
    Frame after = ledger.frame(number + 1);
    return before != null && after != null && !before.shows(after);
  }

  private boolean fits(Sighting seen, long from, long to) {
    for (long number = to; number >= from; number--) {
      Frame frame = ledger.frame(number);
      if (frame == null) {
        return false;
      }
      if (seen.matches(frame)) {
        return true;
      }
    }
    return false;
  }

  private FindingKind kindOf(Sighting seen) {
    if (IntStream.range(0, seen.size()).anyMatch(i -> seen.word(i) == Stamp.POISON)) {
      return FindingKind.RECLAIMED;
    }
    if (ledger.frame(seen.announced()) == null) {
      return FindingKind.EARLY;
    }
    if (fits(seen, ledger.oldest(), seen.settled())) {
      return FindingKind.OUTDATED;
    }
    return fits(seen, seen.announced(), ledger.announced()) ? FindingKind.AHEAD : mixedOrImpossible(seen);
  }

  private FindingKind mixedOrImpossible(Sighting seen) {
    return IntStream.range(0, seen.size()).allMatch(i -> wasTrue(seen, i))
        ? FindingKind.MIXED
        : FindingKind.IMPOSSIBLE;
  }

  private boolean wasTrue(Sighting seen, int index) {
    return frames(ledger.oldest(), ledger.announced()).anyMatch(frame -> agrees(frame, seen, index));
  }

  // Prefers an impossible value to one that does not fit the rest.
  private String culprit(Sighting seen) {
    int index = IntStream.range(0, seen.size())
        .filter(i -> allowed(seen).noneMatch(frame -> agrees(frame, seen, i)))
        .findFirst()
        .orElseGet(() -> oddOne(seen));
    return place(seen, index) + ": expected " + expected(seen, seen.point(index)) + ", saw "
        + Stamp.describe(seen.word(index));
  }

  private int oddOne(Sighting seen) {
    return IntStream.range(0, seen.size())
        .filter(i -> allowed(seen).anyMatch(frame -> !agrees(frame, seen, i)))
        .findFirst()
        .orElse(0);
  }

  private String expected(Sighting seen, int point) {
    return allowed(seen)
        .map(frame -> Stamp.describe(frame.expected(point)))
        .distinct()
        .limit(4)
        .collect(Collectors.joining(" or "));
  }

  private Stream<Frame> allowed(Sighting seen) {
    return frames(Math.max(seen.settled(), ledger.oldest()), seen.announced());
  }

  private Stream<Frame> frames(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(ledger::frame).filter(Objects::nonNull);
  }

  private static boolean agrees(Frame frame, Sighting seen, int index) {
    return frame.expected(seen.point(index)) == seen.word(index);
  }

  private String place(Sighting seen, int index) {
    return places.apply(seen.point(index));
  }

  private static String changed(long before, long after) {
    return "was " + Stamp.describe(before) + ", is " + Stamp.describe(after);
  }

  private static Finding describe(FindingKind kind, Sighting seen, String what) {
    return new Finding(kind, seen.toString(), what);
  }
}
