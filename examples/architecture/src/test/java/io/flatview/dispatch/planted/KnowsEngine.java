package io.flatview.dispatch.planted;

import io.flatview.rcu.spi.ReclaimPolicyProvider;

/** Breaks a rule on purpose. */
final class KnowsEngine {
  ReclaimPolicyProvider forbidden;
}
