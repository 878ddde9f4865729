package io.flatview.dispatch.picture;

import io.flatview.memory.AddressRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Formats sizes for people. */
final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int UNIT_BITS = 10;

  private Amounts() {}

  /** The size of a range, such as {@code 640 KiB}; begins with a tilde if it is rounded. */
  static String of(AddressRange range) {
    BigInteger bytes = new BigInteger(Long.toUnsignedString(range.last() - range.first())).add(BigInteger.ONE);
    int unit = Math.min((bytes.bitLength() - 1) / UNIT_BITS, UNITS.length - 1);
    BigDecimal exact = new BigDecimal(bytes).divide(new BigDecimal(BigInteger.ONE.shiftLeft(unit * UNIT_BITS)));
    BigDecimal shown = exact.setScale(2, RoundingMode.HALF_UP);
    String tilde = shown.compareTo(exact) == 0 ? "" : "~";
    return tilde + shown.stripTrailingZeros().toPlainString() + " " + UNITS[unit];
  }
}
