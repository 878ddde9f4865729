package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;

class ReclaimEngineContractTest extends ReclaimPolicyContract {

  @Override
  public ReclaimPolicy newPolicy() {
    return new ReclaimEngine(TestFlavour.sound());
  }
}
