package io.flatview.rcu.qsbr;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ReclaimPolicyContract;

class QsbrPolicyContractTest extends ReclaimPolicyContract {

  @Override
  public ReclaimPolicy newPolicy() {
    return new QsbrPolicyProvider().create();
  }
}
