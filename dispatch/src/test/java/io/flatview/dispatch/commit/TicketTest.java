package io.flatview.dispatch.commit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.EagerReclaimPolicy;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Waiting for a ticket while its policy is closed: the first grace period has ended, the action has still to run. */
class TicketTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final Ticket ticket = new Ticket(policyThatIsClosedMeanwhile());
  private Runnable last = () -> ticket.reclaimed();
  private int started;

  /** Starts one grace period, refuses two, and runs the last action before it refuses the second. */
  private ReclaimPolicy policyThatIsClosedMeanwhile() {
    Class<?>[] types = {ReclaimPolicy.class};
    return (ReclaimPolicy) Proxy.newProxyInstance(types[0].getClassLoader(), types, (_, _, _) -> {
      if (started++ == 0) {
        return new EagerReclaimPolicy().startGracePeriod();
      }
      if (started == 3) {
        last.run();
      }
      throw new IllegalStateException("the policy is closed");
    });
  }

  @Test
  void aPolicyThatIsClosedAndRunsItsActionsEndsTheWaitAsReached() throws InterruptedException {
    ticket.published(1);
    assertTrue(ticket.awaitQuiesced(LONG));
  }

  @Test
  void aPolicyThatGivesUpItsActionsEndsTheWaitWithThat() {
    ticket.published(1);
    last = () -> ticket.abandoned(new IllegalStateException("given up"));
    assertThrows(IllegalStateException.class, () -> ticket.awaitQuiesced(LONG));
  }
}
