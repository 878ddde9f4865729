package io.flatview.rcu.qsbr;

import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import io.flatview.rcu.ReclaimPolicyProvider;

/** Provides the {@value #NAME} flavour. */
public final class QsbrPolicyProvider implements ReclaimPolicyProvider {

  /** The name of the flavour. */
  public static final String NAME = "qsbr";

  /** Makes a provider; called by {@link java.util.ServiceLoader}. */
  public QsbrPolicyProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ReclaimPolicy create(ReclaimOptions options) {
    return new ReclaimEngine(new QsbrFlavour(), options);
  }
}
