package io.flatview.examples.ownbackend;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import io.flatview.rcu.spi.ReclaimEngine;

/** Provides the flavour. */
public final class SequencePolicyProvider implements ReclaimPolicyProvider {

  /** For {@link java.util.ServiceLoader}. */
  public SequencePolicyProvider() {}

  @Override
  public String name() {
    return SequenceFlavour.NAME;
  }

  @Override
  public ReclaimPolicy create(ReclaimOptions options) {
    return new ReclaimEngine(new SequenceFlavour(), options);
  }
}
