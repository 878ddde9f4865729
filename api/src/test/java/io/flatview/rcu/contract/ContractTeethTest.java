package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.RemoteReader.Kind;
import io.flatview.rcu.spi.ReclaimEngine;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite has teeth: policies that are broken on purpose do not pass. */
class ContractTeethTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int TRIES = 10;

  static Stream<Supplier<ReclaimPolicy>> policiesThatDoNotWait() {
    return Stream.of(EagerReclaimPolicy::new, () -> new ReclaimEngine(TestFlavour.blind()));
  }

  @ParameterizedTest
  @MethodSource("policiesThatDoNotWait")
  void aPolicyThatDoesNotWaitBreaksTheRules(Supplier<ReclaimPolicy> broken) {
    assertBroken(broken, suite -> suite.anActionWaitsForASectionThatWasOpen(Kind.EXPLICIT_PLATFORM));
    assertBroken(broken, suite -> suite.anActionWaitsForASectionThatWasOpen(Kind.IMPLICIT_VIRTUAL));
    assertBroken(broken, suite -> suite.anActionWaitsForTheOutermostSection(Kind.IMPLICIT_PLATFORM));
    assertBroken(broken, suite -> suite.anActionWaitsForEveryOpenSection());
    assertBroken(broken, suite -> suite.retiringInsideOnesOwnSectionIsLegalAndWaitsForIt());
    assertBroken(broken, suite -> suite.synchronizeWaitsForOpenSections(Kind.EXPLICIT_VIRTUAL));
    assertBroken(broken, suite -> suite.barrierWaitsForEveryActionRetiredBefore(Kind.EXPLICIT_PLATFORM));
    assertBroken(broken, suite -> suite.aTokenIsOverWhenTheOpenSectionsHaveEnded(Kind.EXPLICIT_PLATFORM));
    assertBroken(broken, suite -> suite.closingWaitsForOpenSections());
  }

  @Test
  void aReaderThatLeavesTheSectionsOfLivingThreadsTooBreaksTheRules() {
    Supplier<ReclaimPolicy> broken = () -> RashReader.policy(new ReclaimEngine(TestFlavour.sound()));
    assertBroken(broken, Suite::theSectionOfALivingThreadIsNotAbandoned);
    assertBroken(broken, Suite::aSectionThatALivingThreadTookOverIsNotAbandoned);
  }

  @ParameterizedTest
  @MethodSource("policiesThatDoNotWait")
  void aPolicyThatDoesNotWaitFailsTheTorture(Supplier<ReclaimPolicy> broken) {
    try (ReclaimPolicy policy = broken.get()) {
      assertTrue(AgeingTorture.onVirtualThreads(policy).run(LONG).violations() > 0);
    }
  }

  /**
   * The reader's mark sits in the store buffer while its loads go ahead: no rule written step by step can show it, only
   * the duel does, and only where reader and writer run at the same time: within 1.5 seconds on two processors that
   * nothing else uses, but not within 40 beside two busy threads. So it runs on request only.
   */
  @Test
  @EnabledIfSystemProperty(named = "flatview.long", matches = "true")
  void aPolicyWithoutItsFenceLosesTheDuel() {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "skipped: needs a second processor");
    String outcome = DuelProgram.fight(Unfenced.class, LONG);
    System.out.println("without a fence: " + outcome);
    assertTrue(DuelProgram.isLost(outcome), outcome);
  }

  /** As above: the mark of the former user's entry sits in its store buffer while another takes the reader over. */
  @Test
  @EnabledIfSystemProperty(named = "flatview.long", matches = "true")
  void aReaderThatIsTakenOverWithoutAFenceLetsTwoThreadsIn() throws InterruptedException {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "skipped: needs a second processor");
    long end = System.nanoTime() + LONG.toNanos();
    boolean caught = false;
    while (!caught && System.nanoTime() < end) {
      try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.trusting())) {
        caught = SharedReaderDuel.fight(policy, 10, 10_000) > 0;
      } catch (IllegalStateException e) {
        caught = true; // a section stayed open
      }
    }
    assertTrue(caught);
  }

  /** A rule watches for a moment only, in which a busy machine may run nothing of a broken policy: so several tries. */
  private static void assertBroken(Supplier<ReclaimPolicy> broken, Consumer<Suite> rule) {
    assertTrue(Stream.generate(() -> breaks(broken, rule)).limit(TRIES).anyMatch(Boolean::booleanValue));
  }

  private static boolean breaks(Supplier<ReclaimPolicy> broken, Consumer<Suite> rule) {
    Suite suite = new Suite(broken);
    suite.open();
    try {
      rule.accept(suite);
      return false;
    } catch (AssertionError e) {
      return true;
    } finally {
      suite.close();
    }
  }

  /** Makes the twin without a fence, in the JVM of the duel. */
  private static final class Unfenced implements ContractRules {

    @Override
    public ReclaimPolicy policy() {
      throw new UnsupportedOperationException("only a duel is fought");
    }

    @Override
    public ReclaimPolicy newPolicy() {
      return new ReclaimEngine(TestFlavour.unfenced());
    }
  }

  /** The suite on a policy of choice, run rule by rule. Private, so that it is not found as a test of its own. */
  private static final class Suite extends ReclaimPolicyContract {

    private final Supplier<ReclaimPolicy> policies;

    Suite(Supplier<ReclaimPolicy> policies) {
      this.policies = policies;
    }

    @Override
    public ReclaimPolicy newPolicy() {
      return policies.get();
    }

    @Override
    protected void open() {
      super.open();
    }

    @Override
    protected void close() {
      super.close();
    }
  }
}
