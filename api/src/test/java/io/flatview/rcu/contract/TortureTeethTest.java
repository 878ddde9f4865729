package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.ReclaimEngine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The torture catches what is broken, and how long it took is printed. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TortureTeethTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(1_200);

  @Test
  void aScanFromBeforeThePublicationIsCaught() {
    assertCaught("scan before publication", TortureTwins.scanningBeforePublication(), TortureOptions.virtualThreads());
  }

  /** How long it takes is a matter of luck: from 0.3 seconds to most of a minute were seen. */
  @Test
  @EnabledIfSystemProperty(named = "flatview.long", matches = "true")
  void aFlipWithoutTheSecondPassIsCaught() {
    Flavour broken = TortureTwins.onePass(TortureTeethTest::sleepNowAndThen);
    assertCaught("one pass", broken, TortureOptions.virtualThreads());
  }

  /**
   * A reader reads the phase; a grace period flips it and ends; the reader counts itself in and stays; something is
   * retired. Forbidden: it is freed. Where the engine happens to go through two grace periods, the phase is the former
   * one again, and the next attempt tells.
   */
  @Test
  void aStragglerIsOverlookedByOnePass() {
    Await.until("freed under the straggler", () -> isFreedUnderStraggler(TortureTwins::onePass, Await::isSoon));
  }

  @Test
  void aStragglerIsWaitedForByTwoPasses() {
    isFreedUnderStraggler(TortureTwins::twoPasses, freed -> {
      Await.notFor("freed under the straggler", freed);
      return false;
    });
  }

  private static boolean isFreedUnderStraggler(
      Function<Runnable, Flavour> flavour, Predicate<BooleanSupplier> look) {
    CountDownLatch phaseRead = new CountDownLatch(1);
    CountDownLatch flipped = new CountDownLatch(1);
    Flavour delayed = flavour.apply(() -> {
      phaseRead.countDown();
      await(flipped);
    });
    try (ReclaimPolicy policy = new ReclaimEngine(delayed); Puppet straggler = Puppet.platform()) {
      AtomicReference<ReadSection> section = new AtomicReference<>();
      Future<?> entry = straggler.begin(() -> section.set(policy.currentReader().enter()));
      await(phaseRead);
      policy.synchronize();
      flipped.countDown();
      Puppet.result(entry);
      Trace freed = new Trace();
      policy.retire(freed);
      boolean isFreed = look.test(freed::hasRun);
      straggler.tell(() -> section.get().close());
      return isFreed;
    }
  }

  @Test
  void stragglersSurviveTwoPasses() {
    Flavour sound = TortureTwins.twoPasses(TortureTeethTest::sleepNowAndThen);
    TortureReport report = run(sound, TortureOptions.virtualThreads(), SHORT);
    assertEquals(0, report.violations(), report::toString);
    assertTrue(report.hasChecked(), report::toString);
  }

  @Test
  void aReaderThatAnnouncesAQuiescentStateAndGoesOnIsCaught() {
    assertCaught("leaking reader", TestFlavour.sound(), TortureOptions.virtualThreads().leaks());
  }

  /** Everything at once on a policy that is right. */
  @Test
  void stallsNestingDeathsInterruptsAndFakeUpdatersDoNoHarm() {
    TortureOptions all = TortureOptions.virtualThreads()
        .nesting(3).stalls(Duration.ofMillis(2)).fakeUpdaters(1).interrupts().deaths();
    TortureReport report = run(TestFlavour.sound(), all, SHORT);
    assertEquals(0, report.violations(), report::toString);
    assertTrue(report.hasChecked() && report.deaths() > 0, report::toString);
  }

  private static void sleepNowAndThen() {
    if (ThreadLocalRandom.current().nextInt(64) == 0) {
      LockSupport.parkNanos(50_000);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static void assertCaught(String what, Flavour broken, TortureOptions options) {
    TortureReport report = run(broken, options, LONG);
    System.out.println("caught " + what + ": " + report);
    assertTrue(report.violations() > 0, report::toString);
  }

  private static TortureReport run(Flavour flavour, TortureOptions options, Duration limit) {
    try (ReclaimPolicy policy = new ReclaimEngine(flavour)) {
      return AgeingTorture.of(policy, options).run(limit);
    }
  }
}
