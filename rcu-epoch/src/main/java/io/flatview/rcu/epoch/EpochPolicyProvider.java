package io.flatview.rcu.epoch;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import io.flatview.rcu.ReclaimPolicyProvider;

/** Provides the {@value #NAME} flavour. */
public final class EpochPolicyProvider implements ReclaimPolicyProvider {

  /** The name of the flavour. */
  public static final String NAME = "epoch";

  /** Makes a provider; called by {@link java.util.ServiceLoader}. */
  public EpochPolicyProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ReclaimPolicy create(ReclaimOptions options) {
    return new ReclaimEngine(FenceChoice.flavour(), options);
  }
}
