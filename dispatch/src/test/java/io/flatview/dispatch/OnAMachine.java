package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A machine on a policy that reclaims when the test says so. */
abstract class OnAMachine extends OnAPolicy {

  final ManualReclaimPolicy policy;

  OnAMachine() {
    this(new ManualReclaimPolicy());
  }

  private OnAMachine(ManualReclaimPolicy policy) {
    super(policy);
    this.policy = policy;
  }

  @AfterEach
  void nothingHasFailed() {
    assertEquals(List.of(), policy.failures());
  }
}
