package io.flatview.rcu.refcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.Puppet;
import io.flatview.rcu.contract.Trace;
import io.flatview.rcu.spi.Scan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
    counts.countIn(0, 3);
    Scan scan = flavour.begin(List.of());
    assertFalse(scan.isOver());
    counts.countOut(0, 3);
    assertTrue(scan.isOver());
  }

  /** A section under the active phase; one that comes after the flip is counted under the other, and not waited for. */
  @Test
  void sectionsAfterTheFlipAreNotWaitedFor() {
    counts.countIn(0, 0);
    Scan scan = flavour.begin(List.of());
    assertFalse(scan.isOver());
    counts.countIn(1, 0);
    assertFalse(scan.isOver());
    counts.countOut(0, 0);
    assertTrue(scan.isOver());
  }

  @Test
  void everyStripeOfBothPhasesIsLookedAt() {
    for (int i = 0; i < Long.SIZE; i++) {
      assertEquals(counts.shared() + i, counts.claim());
    }
    assertEquals(-1, counts.claim());
    for (int phase = 0; phase <= 1; phase++) {
      for (int stripe = 0; stripe < counts.stripes(); stripe++) {
        counts.countIn(phase, stripe);
        Scan scan = flavour.begin(List.of());
        assertFalse(scan.isOver());
        counts.countOut(phase, stripe);
        assertTrue(scan.isOver());
      }
    }
  }

  @Test
  void aLoneStripeServesOneReaderAfterTheOther() {
    int first = counts.claim();
    int second = counts.claim();
    assertNotEquals(first, second);
    counts.giveBack(first);
    assertEquals(first, counts.claim());
  }

  /** More explicit readers than lone stripes, all of them inside: each is waited for, whichever stripe it got. */
  @Test
  void readersBeyondTheLoneStripesAreWaitedForToo() {
    try (ReclaimPolicy policy = new RefcountPolicyProvider().create()) {
      Deque<Reader> readers = new ArrayDeque<>();
      for (int i = 0; i < 2 * Long.SIZE; i++) {
        readers.push(policy.register("reader " + i));
        readers.peek().enter();
      }
      Trace trace = new Trace();
      policy.retire(trace);
      Await.notFor("the action ran under open sections", trace::hasRun);
      for (Reader reader : readers) {
        assertFalse(trace.hasRun());
        leave(reader);
        reader.close();
      }
      policy.barrier();
      assertTrue(trace.hasRun());
    }
  }

  /** Leaves the section that is open, by way of one nested in it: both are the same object. */
  private static void leave(Reader reader) {
    ReadSection section = reader.enter();
    section.close();
    section.close();
  }

  /** Virtual threads that change carriers inside a section, ten thousand at once, half of them with an own reader. */
  @Test
  void tenThousandVirtualThreadsMayYieldInsideSections() throws InterruptedException {
    AtomicInteger violations = new AtomicInteger();
    try (ReclaimPolicy policy = new RefcountPolicyProvider().create()) {
      AtomicReference<AtomicBoolean> current = new AtomicReference<>(new AtomicBoolean());
      CountDownLatch done = new CountDownLatch(10_000);
      for (int i = 0; i < 10_000; i++) {
        boolean explicit = i % 2 == 0;
        Thread.ofVirtual().start(() -> {
          try (Reader own = explicit ? policy.register("virtual") : null;
              ReadSection _ = (explicit ? own : policy.currentReader()).enter()) {
            AtomicBoolean freed = current.get();
            Thread.yield();
            violations.addAndGet(freed.get() ? 1 : 0);
          } finally {
            done.countDown();
          }
        });
      }
      while (done.getCount() > 0) {
        AtomicBoolean old = current.getAndSet(new AtomicBoolean());
        policy.synchronize();
        old.set(true);
      }
    }
    assertEquals(0, violations.get());
  }

  @Test
  void aReaderMayBeHandedOverBetweenSections() {
    try (ReclaimPolicy policy = new RefcountPolicyProvider().create();
        Puppet first = Puppet.virtual(); Puppet second = Puppet.virtual()) {
      Reader reader = first.ask(() -> policy.register("handed over"));
      for (int i = 0; i < 100; i++) {
        first.tell(() -> reader.enter().close());
        second.tell(() -> reader.enter().close());
      }
      second.tell(reader::close);
      policy.synchronize();
    }
  }

  @Test
  void theFenceIsLeftOutWhereTheRmwIsOne() {
    assertTrue(EntryFence.isInTheRmw("amd64", "OpenJDK 64-Bit Server VM"));
    assertFalse(EntryFence.isInTheRmw("aarch64", "OpenJDK 64-Bit Server VM"));
    assertFalse(EntryFence.isInTheRmw("amd64", "Eclipse OpenJ9 VM"));
    assertFalse(EntryFence.isInTheRmw("amd64", null));
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
