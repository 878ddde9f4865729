package io.flatview.rcu.epoch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Puppet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EpochFlavourTest {

  @Test
  void aRegisteredReaderThatAnnouncesNothingHoldsUpNothing() {
    try (ReclaimPolicy policy = new EpochPolicyProvider().create(); Puppet owner = Puppet.platform()) {
      owner.tell(() -> policy.register("silent").enter().close());
      policy.synchronize();
    }
  }

  /** In checked mode, in which tests run: the error says who entered, and its cause where that thread is. */
  @Test
  void leavingASectionOnAnotherThreadIsReportedWithBothStacks() {
    try (ReclaimPolicy policy = new EpochPolicyProvider().create(); Puppet owner = Puppet.platform()) {
      ReadSection section = owner.ask(() -> policy.register("vcpu").enter());
      IllegalStateException report = assertThrows(IllegalStateException.class, section::close);
      assertTrue(report.getMessage().contains("puppet"), report.getMessage());
      assertTrue(report.getCause().getStackTrace().length > 0);
      owner.tell(section::close);
      policy.synchronize();
    }
  }
}
