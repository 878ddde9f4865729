package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimStatistics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What an action may do, and what its failure does to others. */
public interface ReclaimActionRules extends ContractRules {

  @Test
  default void anActionThatThrowsIsCountedAndTheRestRun() {
    policy().retire(() -> {
      throw new Exception("planted: checked");
    });
    policy().retire(() -> {
      throw new StackOverflowError("planted: error");
    });
    Trace rest = retireTrace();
    policy().barrier();
    assertTrue(rest.hasRun());
    assertEquals(2, policy().statistics().failed());
    assertEquals(3, policy().statistics().reclaimed());
  }

  /** The log prints the failure, which asks for statistics. Forbidden: more actions failed than ran. */
  @Test
  default void anActionThatFailsIsAmongThoseThatRan() {
    AtomicReference<ReclaimStatistics> printing = new AtomicReference<>();
    policy().retire(() -> {
      throw new Curious(() -> printing.set(policy().statistics()));
    });
    policy().barrier();
    assertTrue(printing.get().failed() <= printing.get().reclaimed(), printing.get()::toString);
    assertEquals(1, policy().statistics().failed());
  }

  /** A failure that looks around when it is printed. */
  final class Curious extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Runnable look;

    private Curious(Runnable look) {
      super("planted: curious");
      this.look = look;
    }

    @Override
    public String toString() {
      look.run();
      return super.toString();
    }
  }

  @Test
  default void anActionMayRetire() {
    Trace second = new Trace();
    policy().retire(() -> policy().retire(second));
    Await.until("the second action has run", second::hasRun);
  }

  @Test
  default void anActionMayEnterASection() {
    AtomicReference<Boolean> inside = new AtomicReference<>();
    policy().retire(() -> {
      try (ReadSection _ = policy().currentReader().enter()) {
        inside.set(policy().currentReader().inSection());
      }
    });
    policy().barrier();
    assertEquals(true, inside.get());
    policy().synchronize();
  }

  @Test
  default void anActionRunsOutsideAnySection() {
    AtomicReference<Boolean> inside = new AtomicReference<>();
    policy().retire(() -> inside.set(policy().currentReader().inSection()));
    policy().barrier();
    assertEquals(false, inside.get());
  }

  /** Forbidden: the reclaiming thread waits for itself. */
  @Test
  default void anActionThatWaitsForReclamationFailsAtOnce() {
    assertRefusedInAction(policy()::synchronize);
    assertRefusedInAction(policy()::synchronizeExpedited);
    assertRefusedInAction(policy()::barrier);
    assertRefusedInAction(() -> policy().close(Duration.ofSeconds(1)));
  }

  @Test
  default void anActionThatInterruptsItsThreadDisturbsNothing() {
    policy().retire(() -> Thread.currentThread().interrupt());
    policy().barrier();
    policy().synchronize();
    Trace trace = retireTrace();
    policy().barrier();
    assertTrue(trace.hasRun());
  }

  /** Forbidden: the second action finds the interrupt of the first, and the channel that it writes to is closed. */
  @Test
  default void anActionIsNotInterruptedByTheOneBefore() {
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      policy().retire(() -> Thread.currentThread().interrupt());
      policy().retire(() -> interrupted.set(Thread.currentThread().isInterrupted()));
      reader.leave();
    }
    policy().barrier();
    assertEquals(false, interrupted.get());
  }

  private void assertRefusedInAction(Runnable wait) {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    policy().retire(() -> thrown.set(thrownBy(wait)));
    policy().barrier();
    IllegalStateException refusal = assertInstanceOf(IllegalStateException.class, thrown.get());
    assertTrue(refusal.getMessage().contains("reclaiming thread"), refusal.getMessage());
  }

  private static Throwable thrownBy(Runnable step) {
    try {
      step.run();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }
}
