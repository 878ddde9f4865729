package io.flatview.examples.archrules.broken;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.epoch.EpochPolicyProvider;

/** Is bound to one backend for no reason. */
final class NamedBackend {

  ReclaimPolicy policy() {
    return new EpochPolicyProvider().create();
  }
}
