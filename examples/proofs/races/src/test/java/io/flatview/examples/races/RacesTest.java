package io.flatview.examples.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.examples.races.BrokenTwin.SeenOn;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Half a minute in all, or five minutes with {@code -Dflatview.long=true}, when the twins must be seen to fail. A busy
 * machine takes several times as long.
 */
@Timeout(1200)
class RacesTest {

  private static final boolean LONG = Boolean.getBoolean("flatview.long");

  @Test
  void safeIdiomsShowNothingForbiddenAndTwinsAreSeenToFail() throws Exception {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "a race needs two processors");
    List<RaceResult> results = Races.run(Path.of("target", "jcstress"), LONG ? Races.LONG : Races.SHORT);
    Races.print(results, System.out);
    assertAllRan(results);
    for (RaceResult result : results) {
      assertTrue(result.clean() && result.samples() > 0, result::toString);
      assertEquals(0, result.forbidden(), result::toString);
      if (LONG && mustBeSeen(result.twin())) {
        assertTrue(result.interesting() > 0, result::toString);
      }
    }
  }

  /** Jcstress drops in silence what it cannot schedule: races of three actors on two processors. */
  private static void assertAllRan(List<RaceResult> results) {
    assertFalse(Races.all().isEmpty());
    assertEquals(
        new TreeSet<>(Races.all()),
        results.stream().map(RaceResult::name).collect(Collectors.toCollection(TreeSet::new)),
        "races that ran; the rest was dropped, see target/jcstress/jcstress.log");
  }

  private static boolean mustBeSeen(BrokenTwin twin) {
    return twin != null && twin.seenOn() == SeenOn.EVERY_PROCESSOR;
  }
}
