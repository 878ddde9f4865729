package io.flatview.rcu.epoch;

import static org.junit.jupiter.api.Assumptions.abort;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ReclaimPolicyContract;
import io.flatview.rcu.spi.ReclaimEngine;

/** Where there is no heavy fence, the fenced form is all there is, and has a suite of its own. */
class AsymmetricPolicyContractTest extends ReclaimPolicyContract {

  @Override
  public ReclaimPolicy newPolicy() {
    return new ReclaimEngine(new AsymmetricFlavour(fence()));
  }

  private static HeavyFence fence() {
    return FenceChoice.choose(FenceChoice.MEMBARRIER).orElseGet(() -> abort("no heavy fence here"));
  }
}
