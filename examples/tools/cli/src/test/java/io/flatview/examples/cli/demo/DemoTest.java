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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class DemoTest {

  private static final int READERS = 2;

  private static DemoReport run(ReclaimPolicy policy, boolean withRam, int millis) throws InterruptedException {
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      DemoSettings settings = new DemoSettings(Duration.ofMillis(millis), READERS, withRam);
      return Demo.run(settings, memory, SmallMachine.build(memory), policy);
    }
  }

  @ParameterizedTest
  @EachFlavour
  void noReaderSeesAStaleMapAndEverythingIsReclaimed(String backend) throws InterruptedException {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(backend)) {
      DemoReport report = run(policy, true, 800);
      assertTrue(report.isClean(), () -> String.join("\n", ReportTable.lines(report)));
      assertEquals(backend, report.policy());
    }
  }

  @Test
  void everyKindOfChangeIsMadeAndSomeAreTakenBack() throws InterruptedException {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch")) {
      DemoReport report = run(policy, true, 800);
      for (Edit edit : Edit.values()) {
        assertTrue(report.writeSide().edits().getOrDefault(edit, 0L) > 0, edit.text());
      }
      assertTrue(report.writeSide().takenBack() > 0);
    }
  }

  /**
   * The broken twin: memory is left out, since reading what was unmapped would end the process and not just the test.
   */
  @Test
  void aPolicyThatReclaimsTooEarlyIsCaught() throws InterruptedException {
    DemoReport report = run(new EagerReclaimPolicy(), false, 500);
    for (int attempt = 0; attempt < 4 && !report.wrong().containsKey(FindingKind.RECLAIMED); attempt++) {
      report = run(new EagerReclaimPolicy(), false, 500);
    }
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
