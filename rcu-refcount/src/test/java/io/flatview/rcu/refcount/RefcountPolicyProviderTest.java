package io.flatview.rcu.refcount;

import io.flatview.rcu.contract.ProviderContract;
import io.flatview.rcu.ReclaimPolicyProvider;

class RefcountPolicyProviderTest extends ProviderContract {

  @Override
  protected ReclaimPolicyProvider provider() {
    return new RefcountPolicyProvider();
  }
}
