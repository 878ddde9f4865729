package io.flatview.examples.virt64.hart;

import io.flatview.memory.AtomicOp;

/** The operations of RV64A by {@code funct5}. */
final class Atomics {

  static final int LR = 2;
  static final int SC = 3;

  private static final AtomicOp[] OPERATIONS = {
    AtomicOp.ADD, AtomicOp.SWAP, null, null, AtomicOp.XOR, null, null, null, AtomicOp.OR, null, null, null,
    AtomicOp.AND, null, null, null, AtomicOp.MIN, null, null, null, AtomicOp.MAX, null, null, null,
    AtomicOp.MIN_UNSIGNED, null, null, null, AtomicOp.MAX_UNSIGNED
  };

  private Atomics() {}

  static AtomicOp operation(int funct5) {
    return OPERATIONS[funct5];
  }
}
