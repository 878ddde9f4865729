package io.flatview.rcu.epoch;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Puppet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EpochFlavourTest {

  @Test
  void aRegisteredReaderThatAnnouncesNothingHoldsUpNothing() {
    try (ReclaimPolicy policy = new EpochPolicyProvider().create(); Puppet owner = Puppet.platform()) {
      owner.tell(() -> policy.register("silent").enter().close());
      policy.synchronize();
    }
  }
}
