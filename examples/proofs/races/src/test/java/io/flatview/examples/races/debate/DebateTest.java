package io.flatview.examples.races.debate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.examples.races.Races;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.Expect;
import picocli.CommandLine;

/** With {@code -Dflatview.long=true}, runs the debate: what is broken must be seen to fail, and what is safe never. */
class DebateTest {

  @Test
  void everyRaceOfThePackageIsTold() {
    assertEquals(
        Races.all().stream().filter(name -> name.contains(".debate.")).sorted().toList(),
        Debate.races().stream().map(Class::getCanonicalName).sorted().toList());
  }

  @Test
  void aWrongCommandLineIsRefusedBeforeTheRaces() {
    for (String[] wrong : new String[][] {
      {"--seconds", "0"}, {"--seconds", "soon"}, {"--out", "no/such/folder/page.html"}, {"--out", "target"}, {"more"}
    }) {
      assertEquals(2, new CommandLine(new Debate()).setErr(new PrintWriter(new StringWriter())).execute(wrong));
    }
  }

  @Test
  void thePageTellsWhatWasSeenAndWhatNever() {
    List<Evidence> evidence = Stream.concat(
        Stream.of(evidence(PostedIdioms.NextPointer.class, Expect.ACCEPTABLE_INTERESTING, 1234)),
        Debate.races().stream()
            .filter(race -> race != PostedIdioms.NextPointer.class)
            .map(race -> evidence(race, Expect.FORBIDDEN, 0)))
        .toList();
    String page = new DebatePage(evidence).html();
    assertTrue(page.contains("<tr class=\"bad\"><td>0, 1</td><td class=\"n\">1,234</td>"), page);
    assertTrue(page.contains("<tr class=\"never\"><td>0, 1</td><td class=\"n\">never</td>"), page);
  }

  @Test
  void aFailureOfWhatIsSafeAndASilentTwinAreBothUnsettled() {
    assertTrue(Debate.isSettled(List.of(
        evidence(SafeIdioms.OnePointer.class, Expect.FORBIDDEN, 0),
        evidence(PostedIdioms.NextPointer.class, Expect.ACCEPTABLE_INTERESTING, 1))));
    assertFalse(Debate.isSettled(List.of(evidence(SafeIdioms.OnePointer.class, Expect.FORBIDDEN, 1))));
    assertFalse(Debate.isSettled(List.of(
        evidence(PostedIdioms.NextPointer.class, Expect.ACCEPTABLE_INTERESTING, 0))));
  }

  private static Evidence evidence(Class<?> race, Expect expect, long count) {
    return new Evidence(race, List.of(
        new Evidence.Seen("1, 1", Expect.ACCEPTABLE, "the new map", 10),
        new Evidence.Seen("0, 1", expect, "torn", count)));
  }

  @Test
  void itIsSettled() throws Exception {
    assumeTrue(Boolean.getBoolean("flatview.long") && Runtime.getRuntime().availableProcessors() > 1,
        "skipped: takes minutes and a second processor; ask for it with -Dflatview.long=true");
    List<Evidence> evidence = Debate.run(Path.of("target", "debate"), 3);
    assertTrue(Debate.isSettled(evidence), evidence::toString);
  }
}
