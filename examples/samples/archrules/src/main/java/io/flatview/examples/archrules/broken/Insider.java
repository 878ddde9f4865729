package io.flatview.examples.archrules.broken;

import io.flatview.dispatch.topology.Topology;
import io.flatview.rcu.spi.Flavour;

/** Uses what no module exports, and the engine that is for flavours. */
final class Insider {

  private Topology topology;
  private Flavour flavour;

  boolean knows() {
    return topology != null && flavour != null;
  }
}
