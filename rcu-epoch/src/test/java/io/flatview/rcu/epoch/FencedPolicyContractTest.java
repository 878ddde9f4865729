package io.flatview.rcu.epoch;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ReclaimPolicyContract;
import io.flatview.rcu.spi.ReclaimEngine;

class FencedPolicyContractTest extends ReclaimPolicyContract {

  @Override
  public ReclaimPolicy newPolicy() {
    return new ReclaimEngine(new FencedFlavour());
  }
}
