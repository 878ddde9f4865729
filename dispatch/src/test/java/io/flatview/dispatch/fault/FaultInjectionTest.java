package io.flatview.dispatch.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Has commits fail at one step after the other: at allocations, method entries, listeners' calls and retirements, with
 * every kind of throwable, once, twice, or from a step on.
 *
 * <p>{@code -Dflatview.long=true} tries a thousand operations at many more steps, {@code -Dflatview.stride=1} at every
 * one, and {@code -Dflatview.seed=S} only those of the seed that a failure named.
 */
class FaultInjectionTest {

  private static final boolean LONG = Boolean.getBoolean("flatview.long");
  private static final Long ONLY = Long.getLong("flatview.seed");
  private static final int SEEDS = LONG ? 200 : 1_000;
  private static final int STRIDE = Integer.getInteger("flatview.stride", LONG ? 19 : 99);
  private static final int ENOUGH = LONG ? Integer.MAX_VALUE : 6_000;

  @Test
  void whateverFailsAtWhateverStepTheMapIsAsBeforeOrAsPublished() {
    Campaign campaign = new Campaign(Twin.SOUND, STRIDE);
    long seed = ONLY == null ? 0 : ONLY;
    long last = ONLY == null ? SEEDS - 1 : ONLY;
    for (; seed <= last && campaign.trials() < ENOUGH; seed++) {
      assertEquals(List.of(), campaign.run(seed));
    }
    System.out.println(campaign);
    assertTrue(campaign.trials() > 0);
  }

  /** A machine that could not be closed can be closed again, and gives everything back. */
  @Test
  void whateverFailsWhileAMachineIsClosedItCanBeClosedAfterwards() {
    FaultLoader loader = new FaultLoader(Twin.SOUND);
    boolean more = true;
    for (int at = 1; more; at += LONG ? 3 : 61) {
      World world = World.of(at, loader);
      more = world.failToClose(Faults.Kind.values()[at % 4], at);
      world.close();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"SOUND", "PARTS_KEPT", "BITS_ALLOCATE"})
  void aPlantedDefectIsCaught(Twin twin) {
    Campaign campaign = new Campaign(twin, 49).impatient();
    assertFalse(isSound(campaign), () -> twin + " is not caught by " + campaign);
  }

  private static boolean isSound(Campaign campaign) {
    for (long seed = 0; seed < 20; seed++) {
      if (!passes(campaign, seed)) {
        return false;
      }
    }
    return true;
  }

  /** A world that is broken may break what looks at it. */
  private static boolean passes(Campaign campaign, long seed) {
    try {
      return campaign.run(seed).isEmpty();
    } catch (RuntimeException | AssertionError e) {
      return false;
    }
  }
}
