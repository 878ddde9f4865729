package io.flatview.examples.archrules.broken;

import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.locks.LockSupport;

/** Blocks the thread that reclaims, in a lambda. */
final class WaitingAction {

  private final ReclaimPolicy policy;

  WaitingAction(ReclaimPolicy policy) {
    this.policy = policy;
  }

  void retire() {
    policy.retire(() -> LockSupport.parkNanos(1_000_000));
    policy.retire(LockSupport::park);
  }
}
