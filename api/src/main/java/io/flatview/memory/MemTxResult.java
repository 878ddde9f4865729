package io.flatview.memory;

/**
 * The result of a transfer: a set of failures, empty when all went well. A long transfer goes on after a failure and
 * reports all failures (QEMU's {@code MemTxResult}).
 */
public final class MemTxResult {

  private static final int ERROR_BIT = 1;
  private static final int DECODE_ERROR_BIT = 2;
  private static final int ACCESS_ERROR_BIT = 4;
  private static final int STOPPED_BIT = 8;
  private static final MemTxResult[] ALL = all();

  /** Everything was transferred. */
  public static final MemTxResult OK = ALL[0];

  /** A device reported a failure. */
  public static final MemTxResult ERROR = ALL[ERROR_BIT];

  /** Nothing answers at an address, or the region there refuses this access. */
  public static final MemTxResult DECODE_ERROR = ALL[DECODE_ERROR_BIT];

  /** The access was not permitted. */
  public static final MemTxResult ACCESS_ERROR = ALL[ACCESS_ERROR_BIT];

  /** A {@linkplain AccessWatch watch} stopped the access, or a part of it, before it was made. */
  public static final MemTxResult STOPPED = ALL[STOPPED_BIT];

  private final int bits;

  private MemTxResult(int bits) {
    this.bits = bits;
  }

  private static MemTxResult[] all() {
    MemTxResult[] all = new MemTxResult[ERROR_BIT + DECODE_ERROR_BIT + ACCESS_ERROR_BIT + STOPPED_BIT + 1];
    for (int bits = 0; bits < all.length; bits++) {
      all[bits] = new MemTxResult(bits);
    }
    return all;
  }

  /**
   * Whether nothing failed.
   *
   * @return true for {@link #OK}
   */
  public boolean isOk() {
    return bits == 0;
  }

  /**
   * Whether this result has a failure.
   *
   * @param failure one of the constants
   * @return true if this result holds all of its failures
   */
  public boolean has(MemTxResult failure) {
    return (bits & failure.bits) == failure.bits && failure.bits != 0;
  }

  /**
   * The failures of both.
   *
   * @param other the other result
   * @return their union; allocates nothing
   */
  public MemTxResult or(MemTxResult other) {
    return ALL[bits | other.bits];
  }

  @Override
  public String toString() {
    if (isOk()) {
      return "OK";
    }
    StringBuilder names = new StringBuilder();
    append(names, ERROR_BIT, "ERROR");
    append(names, DECODE_ERROR_BIT, "DECODE_ERROR");
    append(names, ACCESS_ERROR_BIT, "ACCESS_ERROR");
    append(names, STOPPED_BIT, "STOPPED");
    return names.toString();
  }

  private void append(StringBuilder names, int bit, String name) {
    if ((bits & bit) != 0) {
      names.append(names.isEmpty() ? "" : "|").append(name);
    }
  }
}
