package io.flatview.dispatch.guice;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.Singleton;
import io.flatview.rcu.ReclaimDiscoveryException;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;

/**
 * Makes the discovered policy once, when it is first needed. The provider is the singleton, and not the policy: in the
 * production stage Guice makes every singleton, even a default that an explicit binding has replaced.
 */
@Singleton
final class DiscoveredPolicy implements Provider<ReclaimPolicy> {

  private final FlatviewLifecycle lifecycle;
  private ReclaimPolicy policy;

  @Inject
  DiscoveredPolicy(FlatviewLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  @Override
  public synchronized ReclaimPolicy get() {
    if (policy == null) {
      policy = lifecycle.manage(discover());
    }
    return policy;
  }

  private static ReclaimPolicy discover() {
    try {
      return ReclaimPolicies.discover();
    } catch (ReclaimDiscoveryException e) {
      throw new ProvisionException(
          e.getMessage() + "; or bind one: OptionalBinder.newOptionalBinder(binder(), ReclaimPolicy.class)"
              + ".setBinding().toInstance(policy)", e);
    }
  }
}
