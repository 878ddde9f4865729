package io.flatview.rules;

import io.flatview.memory.CommitTicket;
import io.flatview.rcu.ReclaimAction;

/** What Flatview calls: its interfaces, but those of which it hands out instances. */
final class Callbacks {

  private Callbacks() {}

  static boolean isOne(String interfaceName) {
    return interfaceName.equals(ReclaimAction.class.getName())
        || (interfaceName.startsWith("io.flatview.memory.") || interfaceName.startsWith("io.flatview.iommu."))
            && !Bytecode.isA(interfaceName, AutoCloseable.class)
            && !interfaceName.equals(CommitTicket.class.getName());
  }
}
