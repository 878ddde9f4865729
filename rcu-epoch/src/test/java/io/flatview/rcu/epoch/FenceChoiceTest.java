package io.flatview.rcu.epoch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.Reader;
import io.flatview.rcu.contract.ChildJvm;
import io.flatview.rcu.contract.ContractRules;
import io.flatview.rcu.contract.DuelProgram;
import io.flatview.rcu.spi.ReclaimEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FenceChoiceTest {

  private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";

  @Test
  void theWriterFencesWhereItCan() throws FenceUnavailableException {
    assumeTrue(FenceChoice.choose(FenceChoice.MEMBARRIER).isPresent(), "skipped: there is no membarrier here");
    assertTrue(FenceChoice.choose(null).isPresent());
    Membarrier.register().issue();
  }

  /** The build gives this module native access: on such a machine the fast form is what the suites run on. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void linuxHasAHeavyFence() {
    assertDoesNotThrow(Membarrier::register);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aRefusalIsReportedWithItsErrorNumber() throws FenceUnavailableException {
    Membarrier membarrier = Membarrier.register();
    assertEquals(": errno 22", membarrier.reason(-1), "no such command");
    assertEquals("", membarrier.reason(0), "a query is not refused");
  }

  @Test
  void readersFenceWhereTheUserWantsThemTo() {
    assertTrue(FenceChoice.choose(FenceChoice.FULL).isEmpty());
  }

  @Test
  void anUnknownWishIsAnErrorThatNamesTheKnownOnes() {
    String message = assertThrows(IllegalArgumentException.class, () -> FenceChoice.choose("none")).getMessage();
    assertTrue(message.contains(FenceChoice.MEMBARRIER) && message.contains(FenceChoice.FULL), message);
  }

  /** Forbidden: the second policy is refused for a class that could not be initialised, and no longer says why. */
  @Test
  void anUnknownWishIsNamedToEachThatMakesAPolicy() {
    List<String> flags = List.of("-D" + FenceChoice.PROPERTY + "=none");
    String named = "IllegalArgumentException -Dflatview.rcu.epoch.fence=none is unknown; it is membarrier or full";
    assertEquals(List.of(named, named), ChildJvm.linesOf(FenceProbe.class, flags).toList());
  }

  @Test
  void onlyTheCompilersOfHotSpotAreReliedOn() {
    assertDoesNotThrow(() -> FenceChoice.requireKnownCompilers(HOTSPOT, "Temurin-25"));
    assertDoesNotThrow(() -> FenceChoice.requireKnownCompilers("Java HotSpot(TM) 64-Bit Server VM", null));
    assertUnknown("Eclipse OpenJ9 VM", null);
    assertUnknown("Substrate VM", "GraalVM CE 25");
    assertUnknown(HOTSPOT, "GraalVM CE 25");
    assertUnknown(null, null);
  }

  /** Forbidden: a barrier that interrupts every processor although no reader can be inside. */
  @Test
  void noFenceIsIssuedWhileEveryReaderIsAway() {
    AtomicInteger issued = new AtomicInteger();
    HeavyFence counting = issued::incrementAndGet;
    try (ReclaimPolicy policy = new ReclaimEngine(new AsymmetricFlavour(counting))) {
      policy.synchronize();
      Reader reader = policy.register("vcpu");
      reader.offline();
      policy.synchronize();
      assertEquals(0, issued.get());
      reader.online();
      policy.synchronize();
      assertEquals(1, issued.get());
      reader.close();
      policy.synchronize();
      assertEquals(1, issued.get());
    }
  }

  /**
   * The same readers and a writer that does not fence for them: the mark sits in the store buffer while loads go ahead.
   * It shows only while both have a processor, so it runs on request only.
   */
  @Test
  @EnabledIfSystemProperty(named = "flatview.long", matches = "true")
  void withoutTheHeavyFenceTheDuelIsLost() {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "skipped: needs a second processor");
    String outcome = DuelProgram.fight(NoHeavyFence.class, Duration.ofMinutes(2));
    System.out.println("without the heavy fence: " + outcome);
    assertTrue(DuelProgram.isLost(outcome), outcome);
  }

  /** Makes the policy in the JVM of the duel. */
  private static final class NoHeavyFence implements ContractRules {

    @Override
    public ReclaimPolicy policy() {
      throw new UnsupportedOperationException("only a duel is fought");
    }

    @Override
    public ReclaimPolicy newPolicy() {
      return new ReclaimEngine(new AsymmetricFlavour(() -> {}));
    }
  }

  private static void assertUnknown(String vmName, String vendorVersion) {
    assertThrows(
        FenceUnavailableException.class, () -> FenceChoice.requireKnownCompilers(vmName, vendorVersion));
  }
}
