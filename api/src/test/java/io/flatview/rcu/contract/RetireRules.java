package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a retired action runs. */
public interface RetireRules extends ContractRules {

  /** Forbidden: reader enters; writer retires; the action runs; reader uses what it found. */
  @ParameterizedTest
  @EnumSource
  default void anActionWaitsForASectionThatWasOpen(RemoteReader.Kind kind) {
    try (RemoteReader reader = kind.of(policy())) {
      reader.enter();
      Trace trace = retireTrace();
      Await.notFor("the action ran under an open section", trace::hasRun);
      reader.leave();
      Await.until("the action has run", trace::hasRun);
    }
  }

  /** Forbidden: reader enters twice; writer retires; reader leaves once; the action runs. */
  @ParameterizedTest
  @EnumSource
  default void anActionWaitsForTheOutermostSection(RemoteReader.Kind kind) {
    try (RemoteReader reader = kind.of(policy())) {
      reader.enter();
      reader.enter();
      Trace trace = retireTrace();
      reader.leave();
      Await.notFor("the action ran when the inner section ended", trace::hasRun);
      reader.leave();
      Await.until("the action has run", trace::hasRun);
    }
  }

  /** Forbidden: readers A and B enter; writer retires; A leaves; the action runs. */
  @Test
  default void anActionWaitsForEveryOpenSection() {
    try (RemoteReader a = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy());
        RemoteReader b = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      a.enter();
      b.enter();
      Trace trace = retireTrace();
      a.leave();
      Await.notFor("the action ran while the other was inside", trace::hasRun);
      b.leave();
      Await.until("the action has run", trace::hasRun);
    }
  }

  /** A enters; writer retires; B enters and stays; A leaves: the action runs, though B is inside. */
  @ParameterizedTest
  @EnumSource
  default void anActionDoesNotWaitForASectionEnteredLater(RemoteReader.Kind kind) {
    try (RemoteReader early = kind.of(policy()); RemoteReader late = kind.of(policy())) {
      Await.until("an action has run beside a later section", () -> runsBesideALaterSection(early, late));
    }
  }

  /** On a slow machine, the later section may begin before the grace period does: the next attempt tells. */
  private boolean runsBesideALaterSection(RemoteReader early, RemoteReader late) {
    early.enter();
    Trace trace = retireTrace();
    Await.notFor("the action ran before its grace period began", trace::hasRun);
    late.enter();
    early.leave();
    boolean ran = Await.isSoon(trace::hasRun);
    late.leave();
    return ran;
  }

  /** One of two readers is inside at any time; each action runs all the same. */
  @Test
  default void sectionsThatOverlapWithoutAGapDoNotStarveTheWriter() {
    try (RemoteReader a = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy());
        RemoteReader b = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      a.enter();
      for (int round = 0; round < 5; round++) {
        Trace trace = retireTrace();
        Await.until("the action has run", () -> {
          b.enter();
          a.leave();
          a.enter();
          b.leave();
          return trace.hasRun();
        });
      }
    }
  }

  @Test
  default void aReaderThatIsOutsideHoldsUpNothing() {
    try (RemoteReader idle = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      idle.enter();
      idle.leave();
      Await.until("the action has run", retireTrace()::hasRun);
    }
  }

  /** An explicit reader that loops over section and announcement lets grace periods pass in every flavour. */
  @Test
  default void aReaderThatGoesOnAnnouncingHoldsUpNothing() {
    try (Reader reader = policy().register("loop")) {
      Trace trace = retireTrace();
      Await.until("the action has run", () -> {
        reader.enter().close();
        reader.quiescent();
        return trace.hasRun();
      });
    }
  }

  @Test
  default void anOfflineReaderHoldsUpNothing() {
    try (Reader reader = policy().register("sleeper")) {
      reader.offline();
      Await.until("the action has run", retireTrace()::hasRun);
    }
  }

  @Test
  default void retiringInsideOnesOwnSectionIsLegalAndWaitsForIt() {
    Trace trace;
    try (ReadSection _ = policy().currentReader().enter()) {
      trace = retireTrace();
      Await.notFor("the action ran inside the retirer's section", trace::hasRun);
    }
    Await.until("the action has run", trace::hasRun);
  }

  @Test
  default void aSectionOfAnotherPolicyHoldsUpNothing() {
    try (ReclaimPolicy other = newPolicy()) {
      try (ReadSection _ = other.currentReader().enter()) {
        Await.until("the action has run", retireTrace()::hasRun);
      }
    }
  }

  @Test
  default void theActionsOfOneThreadRunInTheOrderOfRetirement() {
    List<Integer> order = new ArrayList<>();
    List<Integer> expected = IntStream.range(0, 5_000).boxed().toList();
    expected.forEach(i -> policy().retire(() -> order.add(i)));
    policy().barrier();
    assertEquals(expected, order);
  }

  /** Four threads retire at once; forbidden: an action is lost, or runs twice. */
  @Test
  default void everyActionRunsOnce() {
    List<Trace> traces = Stream.generate(Trace::new).limit(8_000).toList();
    try (Puppet a = Puppet.platform(); Puppet b = Puppet.platform(); Puppet c = Puppet.virtual();
        Puppet d = Puppet.virtual()) {
      List<Puppet> puppets = List.of(a, b, c, d);
      List<Future<?>> steps = new ArrayList<>();
      for (int i = 0; i < puppets.size(); i++) {
        List<Trace> share = traces.subList(2_000 * i, 2_000 * (i + 1));
        steps.add(puppets.get(i).begin(() -> share.forEach(policy()::retire)));
      }
      steps.forEach(Puppet::result);
    }
    policy().barrier();
    assertEquals(List.of(1), traces.stream().map(Trace::runs).distinct().toList());
  }

  @Test
  default void nothingCannotBeRetired() {
    assertThrows(NullPointerException.class, () -> policy().retire(null));
    policy().barrier();
    assertEquals(0, policy().statistics().retired());
  }

  @Test
  default void actionsRunInTheReclaimingThread() {
    Trace first = retireTrace();
    policy().barrier();
    Trace second = retireTrace();
    policy().barrier();
    assertNotNull(first.thread());
    assertEquals(first.thread(), second.thread());
    assertFalse(first.thread() == Thread.currentThread());
  }

  @Test
  default void statisticsCountWhatHappened() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      retireTrace();
      policy().barrier();
      reader.enter();
      retireTrace();
      assertEquals(2, policy().statistics().retired());
      assertEquals(1, policy().statistics().reclaimed());
      assertEquals(1, policy().statistics().backlog());
      assertEquals(1, policy().statistics().readers());
      reader.leave();
      policy().barrier();
      assertEquals(0, policy().statistics().backlog());
    }
  }
}
