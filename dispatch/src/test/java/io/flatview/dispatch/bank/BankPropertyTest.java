package io.flatview.dispatch.bank;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.ManualReclaimPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What banks show is what a rendering with the selected variants shows. */
class BankPropertyTest {

  private static final int STEPS = 60;
  private static final int SEEDS = Boolean.getBoolean("flatview.long") ? 20_000 : 50;

  private static int run(long seed, RenderedMachine.Defect defect) {
    return BankHistory.run(seed, STEPS, new ManualReclaimPolicy(), defect);
  }

  @Test
  void whatShowsIsWhatARenderingWithTheSelectedVariantsShows() {
    int visible = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      visible += run(seed, RenderedMachine.Defect.NONE);
    }
    int least = SEEDS * STEPS / 12;
    assertTrue(visible > least, visible + " selections that showed prove less than " + least);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void anOracleThatIsWrongIsFound(RenderedMachine.Defect defect) {
    AssertionError found = assertThrows(AssertionError.class, () -> {
      for (long seed = 0; seed < SEEDS; seed++) {
        run(seed, defect);
      }
    });
    assertTrue(found.getMessage().contains("seed"), found::getMessage);
  }
}
