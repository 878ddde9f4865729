package io.flatview.examples.virt64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.contract.EachFlavour;
import org.junit.jupiter.params.ParameterizedTest;

/** A guest moves memory that its hart has translated: the next instruction sees where it is, and where it is not. */
class MovingBarTest {

  private static final String EXPECTED = """
      size low 00000000ff00000c
      size high 00000000ffffffff
      first place 1122334455667788
      second place 1122334455667788
      at the first ffffffffffffffff
      still at the second 1122334455667788
      when off ffffffffffffffff
      """;

  @ParameterizedTest
  @EachFlavour
  void theNextInstructionSeesTheMove(String flavour) throws InterruptedException {
    assertEquals(EXPECTED, Guest.run("own-bars", 1, flavour, null).output());
  }
}
