package io.flatview.dispatch.planted;

import io.flatview.rcu.spi.ReclaimEngine;

/** Breaks a rule on purpose. */
final class KnowsEngine {
  ReclaimEngine forbidden;
}
