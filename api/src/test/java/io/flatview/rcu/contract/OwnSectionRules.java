package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Waiting for one's own section is an error at once; waiting beside one's own idle reader is not. */
public interface OwnSectionRules extends ContractRules {

  @Test
  default void waitingInsideOnesOwnImplicitSectionIsAnErrorAtOnce() {
    GracePeriod token = policy().startGracePeriod();
    try (ReadSection _ = policy().currentReader().enter()) {
      assertEveryWaitRefused(token, "leave the section first");
    }
    policy().synchronize();
  }

  @Test
  default void waitingInsideOnesOwnExplicitSectionIsAnErrorAtOnce() {
    GracePeriod token = policy().startGracePeriod();
    try (Reader reader = policy().register("explicit")) {
      try (ReadSection _ = reader.enter()) {
        assertEveryWaitRefused(token, "leave the section first");
      }
    }
    policy().synchronize();
  }

  /** A thread holds a lock that a reader inside its section wants. Forbidden: the thread waits for that section. */
  @Test
  default void waitingWhereItIsForbiddenIsAnErrorAtOnceThatNamesTheHolder() {
    GracePeriod token = policy().startGracePeriod();
    try (NoWaitScope _ = policy().forbidWaiting("a listener of 'board'")) {
      assertEveryWaitRefused(token, "a listener of 'board'");
      retireTrace();
      policy().startGracePeriod().poll();
    }
    policy().synchronize();
    policy().barrier();
  }

  @Test
  default void whereWaitingIsForbiddenTwiceTheInnerEndIsNoEnd() {
    try (NoWaitScope _ = policy().forbidWaiting("outer")) {
      try (NoWaitScope _ = policy().forbidWaiting("inner")) {
        assertRefused(policy()::synchronize, "inner");
      }
      assertRefused(policy()::synchronize, "outer");
    }
    policy().synchronize();
  }

  /** As two memory systems do whose transactions overlap in one thread. */
  @Test
  default void whereWaitingIsForbiddenTwiceTheScopesMayEndInAnyOrder() {
    NoWaitScope first = policy().forbidWaiting("first");
    try (NoWaitScope _ = policy().forbidWaiting("second")) {
      first.close();
      assertRefused(policy()::synchronize, "second");
      first.close();
    }
    policy().synchronize();
  }

  @Test
  default void waitingIsForbiddenToOneThreadOnly() {
    try (NoWaitScope _ = policy().forbidWaiting("one thread"); Puppet other = Puppet.platform()) {
      other.tell(policy()::synchronize);
    }
  }

  @Test
  default void pollingInsideOnesOwnSectionIsLegal() {
    try (ReadSection _ = policy().currentReader().enter()) {
      policy().startGracePeriod().poll();
      policy().startGracePeriod().stage();
    }
  }

  /**
   * Forbidden: a thread whose reader is online, outside a section, waits for an announcement that only it could make.
   */
  @Test
  default void aThreadWithAnOnlineReaderMayWait() throws InterruptedException {
    try (Reader reader = policy().register("vcpu")) {
      reader.enter().close();
      policy().synchronize();
      policy().synchronizeExpedited();
      retireTrace();
      policy().barrier();
      assertTrue(policy().startGracePeriod().await(Duration.ofSeconds(30)));
      reader.enter().close();
    }
  }

  /** The wait lent the reader out of the registry; afterwards its sections must count again. */
  @Test
  default void aReaderProtectsAgainAfterItsThreadHasWaited() {
    try (Reader reader = policy().register("vcpu")) {
      policy().synchronize();
      Trace trace;
      try (ReadSection _ = reader.enter()) {
        trace = retireTrace();
        Await.notFor("the action ran under an open section", trace::hasRun);
      }
      policy().barrier();
      assertTrue(trace.hasRun());
    }
  }

  @Test
  default void anotherThreadsSectionIsNoReasonToRefuse() {
    try (RemoteReader reader = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy()); Puppet writer = Puppet.platform()) {
      reader.enter();
      var step = writer.begin(policy()::synchronize);
      reader.leave();
      Puppet.result(step);
    }
  }

  private void assertEveryWaitRefused(GracePeriod token, String because) {
    assertRefused(policy()::synchronize, because);
    assertRefused(policy()::synchronizeExpedited, because);
    assertRefused(policy()::barrier, because);
    assertRefused(() -> token.await(Duration.ofSeconds(30)), because);
    assertRefused(() -> policy().close(Duration.ofSeconds(30)), because);
  }

  private static void assertRefused(Executable wait, String because) {
    IllegalStateException refusal = assertThrows(IllegalStateException.class, wait);
    assertTrue(refusal.getMessage().contains(because), refusal.getMessage());
  }
}
