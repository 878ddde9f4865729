package io.flatview.examples.cli.capture;

import java.util.Locale;

/** Addresses as captures write them: of 8 or 16 digits. */
final class Addresses {

  private static final int DIGITS = 16;

  private Addresses() {}

  /** The same address with 16 digits. */
  static String wide(String digits) {
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits.toLowerCase(Locale.ROOT);
  }

  static long value(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }
}
