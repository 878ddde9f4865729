package io.flatview.examples.cli.demo.dma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Flavours;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DmaDemoTest {

  /** A machine that does other things as well needs longer. */
  private static final int MOST_MILLIS = 60_000;

  private static DmaReport play(String flavour, boolean fences, int millis) throws InterruptedException {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy)) {
      return DmaDemo.run(memory, policy, Duration.ofMillis(millis), 2, fences);
    }
  }

  @Test
  void devicesNeverReadAFrameThatWasTakenAwayWithAnyFlavour() throws InterruptedException {
    for (String flavour : Flavours.names()) {
      boolean checked = false;
      for (int time = 500; !checked && time < MOST_MILLIS; time *= 2) {
        DmaReport report = play(flavour, true, time);
        assertEquals(List.of(), report.examples(), flavour);
        assertEquals(0, report.wrong(), flavour);
        checked = report.isClean() && report.fences() > 0;
      }
      assertTrue(checked, flavour);
    }
  }

  @Test
  void aDriverThatDoesNotWaitForTheFenceIsCaught() throws InterruptedException {
    long wrong = 0;
    for (int time = 500; wrong == 0 && time < MOST_MILLIS; time *= 2) {
      wrong = play("epoch", false, time).wrong();
    }
    assertTrue(wrong > 0, "the fence makes no difference, so the demo proves nothing");
  }

  @Test
  void theAccountAllowsWhatWasInForceAndNothingElse() {
    Account account = new Account(2);
    account.begin(1, 4);
    account.settle(1, 2);
    assertTrue(account.allows(1, 2, Account.stamp(1, 2)));
    assertTrue(account.allows(1, 2, Account.stamp(1, 4)));
    assertFalse(account.allows(1, 2, Account.stamp(1, 0)), "before it was settled");
    assertFalse(account.allows(1, 2, Account.stamp(1, 6)), "before it began");
    assertFalse(account.allows(1, 2, Account.stamp(1, 3)), "a state without a frame");
    assertFalse(account.allows(1, 2, Account.stamp(0, 2)), "another page");
    assertFalse(account.allows(1, 2, Account.POISON));
    assertTrue(account.allowsRefusal(1, 2));
    assertFalse(account.allowsRefusal(1, 4));
    assertTrue(account.allowsRefusal(1, 3));
  }
}
