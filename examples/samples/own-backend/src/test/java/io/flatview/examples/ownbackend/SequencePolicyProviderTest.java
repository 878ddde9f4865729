package io.flatview.examples.ownbackend;

import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.contract.ProviderContract;

class SequencePolicyProviderTest extends ProviderContract {

  @Override
  protected ReclaimPolicyProvider provider() {
    return new SequencePolicyProvider();
  }
}
