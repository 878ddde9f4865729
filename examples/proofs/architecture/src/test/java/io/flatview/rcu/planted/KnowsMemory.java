package io.flatview.rcu.planted;

import io.flatview.memory.Size;

/** Breaks a rule on purpose. */
final class KnowsMemory {
  Size forbidden;
}
