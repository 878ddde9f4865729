package io.flatview.examples.virt64.hart;

/** Multiplication and division, with RISC-V's answers where Java throws. */
final class MulDiv {

  private MulDiv() {}

  /** @param kind {@code funct3}, plus 8 for the 32-bit forms */
  static long apply(int kind, long a, long b) {
    return switch (kind) {
      case 1 -> Math.multiplyHigh(a, b);
      case 2 -> Math.multiplyHigh(a, b) + (b >> 63 & a);
      case 3 -> Math.unsignedMultiplyHigh(a, b);
      case 4 -> b == 0 ? -1 : a / b;
      case 5 -> b == 0 ? -1 : Long.divideUnsigned(a, b);
      case 6 -> b == 0 ? a : a % b;
      case 7 -> b == 0 ? a : Long.remainderUnsigned(a, b);
      default -> word(kind, (int) a, (int) b);
    };
  }

  private static long word(int kind, int a, int b) {
    return switch (kind & 7) {
      case 4 -> b == 0 ? -1 : a / b;
      case 5 -> b == 0 ? -1 : Integer.divideUnsigned(a, b);
      case 6 -> b == 0 ? a : a % b;
      default -> b == 0 ? a : Integer.remainderUnsigned(a, b);
    };
  }
}
