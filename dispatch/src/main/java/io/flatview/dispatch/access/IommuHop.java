package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MemTxAttrs;

/**
 * A request to a translator, and its answer, for later use. Confined to its reader's thread.
 *
 * <p>The request is stored before the translator is called, and the entry grants nothing until the translator fills it:
 * so even if the translator throws, the entry is never used for another request.
 */
final class IommuHop {

  final IommuTlbEntry entry = new IommuTlbEntry();

  private PhysSection asked;
  private MemTxAttrs attributes;
  private long offset;

  /** Stores a request, before the translator is called for it. */
  void ask(PhysSection leaf, long address, MemTxAttrs by) {
    entry.deny();
    offset = address;
    if (asked != leaf) {
      asked = leaf;
    }
    if (attributes != by) {
      attributes = by;
    }
  }

  /** Whether the answer also serves this request, and is still current. */
  boolean answers(PhysSection leaf, long address, Access access, MemTxAttrs by) {
    return asked == leaf
        && ((address ^ offset) & ~entry.addrMask()) == 0
        && attributes == by
        && entry.permits(access)
        && entry.isReusable();
  }

  /** Drops all references. */
  void forget() {
    asked = null;
    attributes = null;
    entry.clear();
  }
}
