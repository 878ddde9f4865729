package io.flatview.dispatch.topology;

import java.util.List;

/**
 * A change of the tree.
 *
 * @param inverse takes it back
 * @param node what it is about; null if only its inverse counts
 * @param parent the region that has lost or won by it, or null
 * @param dirty where something may show differently
 */
record Change(Runnable inverse, RegionNode node, ParentNode parent, List<DirtyWindow> dirty) {

  /** A change made elsewhere. */
  static Change elsewhere(Runnable inverse) {
    return new Change(inverse, null, null, List.of());
  }
}
