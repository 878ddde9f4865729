package io.flatview.rcu.qsbr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.Puppet;
import io.flatview.rcu.contract.Trace;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QsbrFlavourTest {

  private final ReclaimPolicy policy = new QsbrPolicyProvider().create();
  private final Puppet owner = Puppet.platform();
  private final Reader reader = owner.ask(() -> policy.register("vcpu"));
  private final Trace trace = new Trace();

  @AfterEach
  void end() {
    owner.tell(reader::close);
    owner.close();
    assertEquals(0, policy.close(Duration.ofSeconds(30)));
  }

  /** An announcement may come just before the grace period begins, so the owner goes on announcing, as a loop does. */
  @Test
  void aRegisteredReaderHoldsUpGracePeriodsUntilItAnnounces() {
    retireUnder(r -> r.enter().close());
    Await.until("the action has run", () -> {
      owner.tell(reader::quiescent);
      return trace.hasRun();
    });
  }

  @Test
  void goingOfflineEndsTheHoldUp() {
    retireUnder(r -> {});
    owner.tell(reader::offline);
    Await.until("the action has run", trace::hasRun);
  }

  @Test
  void comingOnlineStartsItAgain() {
    owner.tell(reader::offline);
    policy.synchronize();
    retireUnder(Reader::online);
  }

  @Test
  void anAnnouncementDoesNotBringAnOfflineReaderOnline() {
    owner.tell(reader::offline);
    owner.tell(reader::quiescent);
    policy.synchronize();
  }

  @Test
  void anImplicitReaderNeedNotAnnounce() {
    owner.tell(reader::offline);
    owner.tell(() -> policy.currentReader().enter().close());
    policy.synchronize();
  }

  private void retireUnder(Consumer<Reader> before) {
    owner.tell(() -> before.accept(reader));
    policy.retire(trace);
    Await.notFor("the action ran although the reader announced nothing", trace::hasRun);
  }
}
