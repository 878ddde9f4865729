package io.flatview.memory;

/** The operations of an atomic read-modify-write on a value in memory, in two's complement of its size. */
public enum AtomicOp {
  /** Replaces it. */
  SWAP,
  /** Adds. */
  ADD,
  /** Bitwise and. */
  AND,
  /** Bitwise or. */
  OR,
  /** Bitwise exclusive or. */
  XOR,
  /** The smaller, signed. */
  MIN,
  /** The larger, signed. */
  MAX,
  /** The smaller, unsigned. */
  MIN_UNSIGNED,
  /** The larger, unsigned. */
  MAX_UNSIGNED;

  /**
   * The result of the operation on two values.
   *
   * @param old what is in memory, zero-extended
   * @param operand the other value; bits above the size are ignored
   * @param size 1, 2, 4 or 8 bytes
   * @return the new value; bits above the size have no meaning
   */
  public long apply(long old, long operand, int size) {
    int shift = Long.SIZE - Byte.SIZE * size;
    return switch (this) {
      case SWAP -> operand;
      case ADD -> old + operand;
      case AND -> old & operand;
      case OR -> old | operand;
      case XOR -> old ^ operand;
      case MIN -> Math.min(old << shift, operand << shift) >> shift;
      case MAX -> Math.max(old << shift, operand << shift) >> shift;
      case MIN_UNSIGNED -> Long.compareUnsigned(old << shift, operand << shift) <= 0 ? old : operand;
      case MAX_UNSIGNED -> Long.compareUnsigned(old << shift, operand << shift) >= 0 ? old : operand;
    };
  }
}
