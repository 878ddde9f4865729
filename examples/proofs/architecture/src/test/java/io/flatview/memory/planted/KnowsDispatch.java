package io.flatview.memory.planted;

import io.flatview.dispatch.DispatchMemory;

/** Breaks a rule on purpose. */
final class KnowsDispatch {
  DispatchMemory forbidden;
}
