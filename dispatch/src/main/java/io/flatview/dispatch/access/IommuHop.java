package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MemTxAttrs;

/**
 * A question to a translator, and its answer. Confined to its reader's thread.
 *
 * <p>The question is noted before it is asked, and the entry says "no permission" from then until it is answered: so
 * the entry never answers another question, also if the translator throws.
 */
final class IommuHop {

  final IommuTlbEntry entry = new IommuTlbEntry();

  private PhysSection asked;
  private MemTxAttrs attributes;
  private long offset;

  /** Notes a question that is about to be asked. */
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

  /** Whether the answer is also one to this question, and is still current. */
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
