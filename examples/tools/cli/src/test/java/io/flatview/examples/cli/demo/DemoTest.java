package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.cli.demo.churn.Edit;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.examples.cli.demo.place.NoRoomException;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.EachFlavour;
import io.flatview.rcu.contract.EagerReclaimPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class DemoTest {

  private static final int READERS = 2;
  private static final int MOST_MILLIS = 60_000;

  private static DemoReport run(ReclaimPolicy policy, boolean withRam, int millis) throws InterruptedException {
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      DemoSettings settings = new DemoSettings(Duration.ofMillis(millis), READERS, withRam);
      return Demo.run(settings, memory, SmallMachine.build(memory), policy);
    }
  }

  /** Runs until what is wanted has happened: a machine that does other things as well needs longer for it. */
  private static DemoReport runUntil(
      Predicate<DemoReport> wanted, Supplier<ReclaimPolicy> policy, boolean withRam, int millis)
      throws InterruptedException {
    DemoReport report;
    int time = millis;
    do {
      try (ReclaimPolicy each = policy.get()) {
        report = run(each, withRam, time);
      }
      time *= 2;
    } while (!wanted.test(report) && time < MOST_MILLIS);
    return report;
  }

  private static boolean isAtWork(DemoReport report) {
    return report.losses().stream().noneMatch(loss -> loss.contains("did nothing at all"));
  }

  private static boolean showsAllKinds(DemoReport report) {
    DemoReport.WriteSide side = report.writeSide();
    return side.takenBack() > 0
        && Arrays.stream(Edit.values()).allMatch(edit -> side.edits().getOrDefault(edit, 0L) > 0);
  }

  @ParameterizedTest
  @EachFlavour
  void noReaderSeesAStaleMapAndEverythingIsReclaimed(String backend) throws InterruptedException {
    DemoReport report = runUntil(DemoTest::isAtWork, () -> ReclaimPolicies.discover(backend), true, 800);
    assertTrue(report.isClean(), () -> String.join("\n", ReportTable.lines(report)));
    assertEquals(backend, report.policy());
  }

  @Test
  void everyKindOfChangeIsMadeAndSomeAreTakenBack() throws InterruptedException {
    DemoReport report = runUntil(DemoTest::showsAllKinds, () -> ReclaimPolicies.discover("epoch"), true, 800);
    for (Edit edit : Edit.values()) {
      assertTrue(report.writeSide().edits().getOrDefault(edit, 0L) > 0, edit.text());
    }
    assertTrue(report.writeSide().takenBack() > 0);
  }

  /**
   * The broken twin: memory is left out, since reading what was unmapped would end the process and not just the test.
   */
  @Test
  void aPolicyThatReclaimsTooEarlyIsCaught() throws InterruptedException {
    DemoReport report = runUntil(
        seen -> seen.wrong().containsKey(FindingKind.RECLAIMED), EagerReclaimPolicy::new, false, 500);
    assertFalse(report.isClean());
    assertTrue(report.wrong().containsKey(FindingKind.RECLAIMED), report.wrong()::toString);
  }

  @Test
  void aMachineWithoutFreeAddressesIsRefusedWithTheCure() {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        DispatchMemory memory = DispatchMemory.create(policy)) {
      List<AddressSpace> full = List.of(memory.addressSpace("memory", memory.reserved("all", Size.FULL)));
      DemoSettings settings = new DemoSettings(Duration.ofMillis(1), READERS, true);
      Exception refused =
          assertThrows(NoRoomException.class, () -> Demo.run(settings, memory, full, policy));
      assertTrue(refused.getMessage().contains("choose a map with more free addresses"), refused::getMessage);
    }
  }
}
