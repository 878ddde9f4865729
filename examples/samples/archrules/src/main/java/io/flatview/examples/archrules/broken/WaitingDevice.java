package io.flatview.examples.archrules.broken;

import io.flatview.memory.MmioHandler;
import io.flatview.rcu.ReclaimPolicy;

/** Waits for a grace period that its own caller holds up. */
final class WaitingDevice implements MmioHandler {

  private final ReclaimPolicy policy;

  WaitingDevice(ReclaimPolicy policy) {
    this.policy = policy;
  }

  @Override
  public long read(long offset, int size) {
    return 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    policy.synchronize();
  }
}
