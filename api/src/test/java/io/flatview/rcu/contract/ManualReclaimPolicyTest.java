package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ManualReclaimPolicyTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final Trace trace = new Trace();

  @Test
  void nothingRunsUntilTheTestSaysSo() {
    policy.retire(trace);
    policy.synchronize();
    assertFalse(trace.hasRun());
    assertEquals(1, policy.pending());
    assertEquals(1, policy.runGracePeriod());
    assertEquals(1, trace.runs());
    assertEquals(0, policy.pending());
    assertEquals(0, policy.runGracePeriod());
  }

  @Test
  void oneThreadCanPlayReaderAndWriter() {
    Reader reader = policy.register("reader");
    ReadSection section = reader.enter();
    policy.retire(trace);
    assertEquals(0, policy.runGracePeriod());
    assertEquals(1, policy.openSections());
    section.close();
    assertEquals(1, policy.runGracePeriod());
  }

  @Test
  void sectionsEnteredLaterAreNotWaitedFor() {
    policy.retire(trace);
    try (ReadSection _ = policy.currentReader().enter()) {
      assertEquals(1, policy.runGracePeriod());
    }
  }

  @Test
  void onlyTheOutermostSectionCounts() {
    Reader reader = policy.currentReader();
    try (ReadSection _ = reader.enter()) {
      policy.retire(trace);
      reader.enter().close();
      assertEquals(0, policy.runGracePeriod());
    }
    assertEquals(1, policy.runGracePeriod());
  }

  @Test
  void actionsRunInTheOrderOfRetirementAndFailuresAreKept() {
    List<Integer> order = new ArrayList<>();
    policy.retire(() -> order.add(1));
    policy.retire(() -> {
      throw new Exception("planted");
    });
    policy.retire(() -> order.add(3));
    assertEquals(3, policy.runGracePeriod());
    assertEquals(List.of(1, 3), order);
    assertEquals("planted", policy.failures().getFirst().getMessage());
    assertEquals(1, policy.statistics().failed());
  }

  @Test
  void aTokenIsOverWhenTheTestRunsItsGracePeriod() {
    GracePeriod token = policy.startGracePeriod();
    assertFalse(token.poll());
    assertFalse(token.stage().toCompletableFuture().isDone());
    policy.runGracePeriod();
    assertTrue(token.poll());
    assertTrue(token.stage().toCompletableFuture().isDone());
  }

  @Test
  void barrierAndCloseRunWhatIsRipe() {
    policy.retire(trace);
    policy.barrier();
    policy.retire(trace);
    policy.close();
    assertEquals(2, trace.runs());
    assertThrows(IllegalStateException.class, () -> policy.retire(trace));
  }

  @Test
  void closeSaysWhatNeverRuns() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      policy.retire(trace);
      assertEquals(1, policy.close(Duration.ofMillis(10)));
    }
    assertEquals(0, policy.runGracePeriod());
    assertFalse(trace.hasRun());
  }

  @Test
  void synchronizeWaitsForSectionsOfOtherThreads() {
    try (RemoteReader reader = RemoteReader.Kind.EXPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.platform()) {
      reader.enter();
      Future<?> step = writer.begin(policy::synchronize);
      Await.notFor("synchronize returned under an open section", step::isDone);
      reader.leave();
      Puppet.result(step);
    }
  }

  @Test
  void misuseIsRefusedAsByARealPolicy() {
    Reader reader = policy.register("reader");
    try (ReadSection _ = reader.enter()) {
      assertThrows(IllegalStateException.class, policy::synchronize);
      assertThrows(IllegalStateException.class, policy::barrier);
      assertThrows(IllegalStateException.class, reader::close);
      assertThrows(IllegalStateException.class, reader::offline);
    }
    reader.offline();
    assertThrows(IllegalStateException.class, reader::enter);
    reader.close();
    assertThrows(IllegalStateException.class, reader::enter);
    assertThrows(IllegalStateException.class, policy.currentReader()::close);
  }
}
