package io.flatview.rcu.refcount;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ReclaimPolicyContract;

class RefcountPolicyContractTest extends ReclaimPolicyContract {

  @Override
  public boolean sectionsAreBoundToThreads() {
    return false;
  }

  @Override
  public ReclaimPolicy newPolicy() {
    return new RefcountPolicyProvider().create();
  }
}
