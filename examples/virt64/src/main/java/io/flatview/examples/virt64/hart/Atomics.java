package io.flatview.examples.virt64.hart;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The atomics of RV64A on guest memory. All are sequentially consistent, which is what {@code aq} and {@code rl}
 * together ask for and more than the rest needs.
 */
final class Atomics {

  static final int LR = 2;
  static final int SC = 3;

  private static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private Atomics() {}

  static long load(MemorySegment memory, long offset, int size) {
    return size == 4 ? (int) INT.getVolatile(memory, offset) : (long) LONG.getVolatile(memory, offset);
  }

  static boolean compareAndSet(MemorySegment memory, long offset, int size, long expected, long value) {
    return size == 4
        ? INT.compareAndSet(memory, offset, (int) expected, (int) value)
        : LONG.compareAndSet(memory, offset, expected, value);
  }

  /** @return what was there before, sign-extended */
  static long update(int funct5, MemorySegment memory, long offset, int size, long operand) {
    while (true) {
      long old = load(memory, offset, size);
      long operandOfSize = size == 4 ? (int) operand : operand;
      if (compareAndSet(memory, offset, size, old, apply(funct5, old, operandOfSize))) {
        return old;
      }
    }
  }

  /** Works for both sizes: sign extension keeps the order of unsigned values, too. */
  private static long apply(int funct5, long old, long operand) {
    return switch (funct5) {
      case 0 -> old + operand;
      case 1 -> operand;
      case 4 -> old ^ operand;
      case 8 -> old | operand;
      case 12 -> old & operand;
      case 16 -> Math.min(old, operand);
      case 20 -> Math.max(old, operand);
      case 24 -> Long.compareUnsigned(old, operand) < 0 ? old : operand;
      default -> Long.compareUnsigned(old, operand) > 0 ? old : operand;
    };
  }
}
