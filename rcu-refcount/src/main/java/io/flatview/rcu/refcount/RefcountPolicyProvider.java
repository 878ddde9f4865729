package io.flatview.rcu.refcount;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import io.flatview.rcu.ReclaimPolicyProvider;

/** Provides the {@value #NAME} flavour. */
public final class RefcountPolicyProvider implements ReclaimPolicyProvider {

  /** The name of the flavour. */
  public static final String NAME = "refcount";

  /** Makes a provider; called by {@link java.util.ServiceLoader}. */
  public RefcountPolicyProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ReclaimPolicy create(ReclaimOptions options) {
    return new ReclaimEngine(new RefcountFlavour(new SectionCounts()), options);
  }
}
