package io.flatview.rcu.refcount;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.Puppet;
import io.flatview.rcu.contract.Trace;
import io.flatview.rcu.spi.Scan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefcountFlavourTest {

  private final SectionCounts counts = new SectionCounts();
  private final RefcountFlavour flavour = new RefcountFlavour(counts);

  @Test
  void aGracePeriodWithoutSectionsIsOverAtOnce() {
    assertTrue(flavour.begin(List.of()).isOver());
    assertTrue(flavour.begin(List.of()).isOver());
  }

  /**
   * A reader reads phase 0 and is delayed; a grace period flips to 1 and ends; the reader counts itself in under 0 and
   * loads a pointer. Forbidden: the next grace period looks at phase 1 alone, and ends.
   */
  @Test
  void aStragglerUnderTheIdlePhaseIsWaitedFor() {
    assertTrue(flavour.begin(List.of()).isOver());
    counts.increment(0, 3);
    Scan scan = flavour.begin(List.of());
    assertFalse(scan.isOver());
    counts.decrement(0, 3);
    assertTrue(scan.isOver());
  }

  /** A section under the active phase; one that comes after the flip is counted under the other, and not waited for. */
  @Test
  void sectionsAfterTheFlipAreNotWaitedFor() {
    counts.increment(0, 0);
    Scan scan = flavour.begin(List.of());
    assertFalse(scan.isOver());
    counts.increment(1, 0);
    assertFalse(scan.isOver());
    counts.decrement(0, 0);
    assertTrue(scan.isOver());
  }

  @Test
  void everyStripeOfBothPhasesIsLookedAt() {
    for (int phase = 0; phase <= 1; phase++) {
      for (int stripe = 0; stripe < counts.stripes(); stripe++) {
        counts.increment(phase, stripe);
        Scan scan = flavour.begin(List.of());
        assertFalse(scan.isOver());
        counts.decrement(phase, stripe);
        assertTrue(scan.isOver());
      }
    }
  }

  @Test
  void aRegisteredReaderThatAnnouncesNothingHoldsUpNothing() {
    try (ReclaimPolicy policy = new RefcountPolicyProvider().create(); Puppet owner = Puppet.platform()) {
      owner.ask(() -> policy.register("silent").enter()).close();
      policy.synchronize();
    }
  }

  /** Entered by one thread, left by another, while the first lives: counted out where it was counted in. */
  @Test
  void aSectionMayBeLeftByAnotherThread() {
    try (ReclaimPolicy policy = new RefcountPolicyProvider().create();
        Puppet first = Puppet.virtual(); Puppet second = Puppet.virtual()) {
      Reader reader = first.ask(() -> policy.register("wanderer"));
      ReadSection section = first.ask(reader::enter);
      Trace trace = new Trace();
      policy.retire(trace);
      Await.notFor("the action ran under an open section", trace::hasRun);
      second.tell(section::close);
      Await.until("the action has run", trace::hasRun);
    }
  }
}
