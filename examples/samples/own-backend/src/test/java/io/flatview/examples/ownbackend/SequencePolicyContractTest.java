package io.flatview.examples.ownbackend;

import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ReclaimPolicyContract;

/** The suite, which includes the torture, in three lines. */
class SequencePolicyContractTest extends ReclaimPolicyContract {

  @Override
  public ReclaimPolicy newPolicy() {
    return ReclaimPolicies.discover(SequenceFlavour.NAME);
  }
}
