package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The comparison has teeth: a model that is wrong in one point does not agree with the implementation for long. */
class OracleTest {

  private static final int SEEDS = 60;
  private static final int READABLE = 12;

  @ParameterizedTest
  @EnumSource
  void aWrongRuleIsNoticedWithinAFewSeeds(BentRules bent) {
    AssertionError noticed = assertThrows(AssertionError.class,
        () -> Seeds.check(LongStream.range(0, SEEDS), Histories::anywhere, seed -> Replay.with(bent.rules, seed)));
    String message = noticed.getMessage();
    assertTrue(message.startsWith("-Dflatview.seed="), message);
    assertTrue(steps(message) <= READABLE, message);
    assertNotNull(noticed.getCause());
  }

  /** The lines of the script, which stands between empty lines. */
  private static int steps(String message) {
    return List.of(message.split("\n\n")[1].split("\n")).size();
  }
}
