package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;

/** Changes a region as no caller may: past the topology, so that no commit hears of it. */
public final class Unnoted {

  private Unnoted() {}

  /**
   * Makes a region read-only, or writable.
   *
   * @param region any
   */
  public static void flipReadOnly(MemoryRegion region) {
    RegionNode node = RegionNode.of(region);
    node.state = node.state.withFlags(node.state.flags().withReadOnly(!node.isReadOnly()));
  }
}
