package io.flatview.rcu.qsbr;

import io.flatview.rcu.contract.ProviderContract;
import io.flatview.rcu.ReclaimPolicyProvider;

class QsbrPolicyProviderTest extends ProviderContract {

  @Override
  protected ReclaimPolicyProvider provider() {
    return new QsbrPolicyProvider();
  }
}
