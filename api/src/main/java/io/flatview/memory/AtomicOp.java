package io.flatview.memory;

/**
 * The operations of an atomic read-modify-write on a value in memory: each makes a new value from the old one and an
 * operand, in two's complement of its size.
 */
public enum AtomicOp {
  /** The new value is the operand. */
  SWAP,
  /** The new value is the sum of both. */
  ADD,
  /** The new value is the bitwise and of both. */
  AND,
  /** The new value is the bitwise or of both. */
  OR,
  /** The new value is the bitwise exclusive or of both. */
  XOR,
  /** The new value is the smaller of both, compared as signed numbers. */
  MIN,
  /** The new value is the larger of both, compared as signed numbers. */
  MAX,
  /** The new value is the smaller of both, compared as unsigned numbers. */
  MIN_UNSIGNED,
  /** The new value is the larger of both, compared as unsigned numbers. */
  MAX_UNSIGNED;

  /**
   * The result of the operation on two values.
   *
   * @param old the value in memory, zero-extended
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
