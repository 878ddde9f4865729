package io.flatview.examples.virt64.planted;

import io.flatview.dispatch.topology.RegionNode;

/** Breaks a rule on purpose. */
final class KnowsInsides {
  RegionNode forbidden;
}
