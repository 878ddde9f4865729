package io.flatview.dispatch.unsigned;

/** Minimum, maximum and binary search of unsigned numbers. */
public final class Unsigned {

  private Unsigned() {}

  /**
   * The lower of two numbers.
   *
   * @param a the first number, unsigned
   * @param b the second number, unsigned
   * @return one of them
   */
  public static long min(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  /**
   * The higher of two numbers.
   *
   * @param a the first number, unsigned
   * @param b the second number, unsigned
   * @return one of them
   */
  public static long max(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  /**
   * How many of the first elements of an array are below a bound.
   *
   * @param ascending unsigned, in ascending order as far as {@code count} reaches
   * @param count how many elements are searched
   * @param bound the bound of the numbers to count, unsigned, exclusive
   * @return the index of the first element that is not below the bound; {@code count} if all are
   */
  public static int countBelow(long[] ascending, int count, long bound) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(ascending[middle], bound) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
