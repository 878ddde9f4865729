package io.flatview.rcu.epoch;

import io.flatview.rcu.contract.ProviderContract;
import io.flatview.rcu.ReclaimPolicyProvider;

class EpochPolicyProviderTest extends ProviderContract {

  @Override
  protected ReclaimPolicyProvider provider() {
    return new EpochPolicyProvider();
  }
}
