package io.flatview.rcu.epoch;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ReclaimPolicyContract;

class EpochPolicyContractTest extends ReclaimPolicyContract {

  @Override
  public ReclaimPolicy newPolicy() {
    return new EpochPolicyProvider().create();
  }
}
