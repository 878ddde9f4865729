package io.flatview.examples.cli.dump;

import io.flatview.memory.Size;

/** Numbers as dumps write them. */
public final class Numbers {

  private static final int HEX_DIGITS_OF_LONG = 16;
  private static final String TWO_TO_THE_64 = "1" + "0".repeat(HEX_DIGITS_OF_LONG);
  private static final int EXCERPT = 40;

  private Numbers() {}

  /**
   * A hexadecimal number of up to 64 bits.
   *
   * @param text 1 to 16 digits
   * @return the number, unsigned
   * @throws BadLineException if it is none
   */
  public static long hex(String text) {
    if (text.isEmpty() || !text.chars().allMatch(Numbers::isHexDigit)) {
      throw new BadLineException("'" + excerpt(text) + "' is no hexadecimal number");
    }
    if (text.length() > HEX_DIGITS_OF_LONG) {
      throw new BadLineException("'" + excerpt(text) + "' has more than 64 bits");
    }
    return Long.parseUnsignedLong(text, 16);
  }

  /**
   * A size: a hexadecimal number up to 2<sup>64</sup>.
   *
   * @param text 1 to 17 digits
   * @return the size
   * @throws BadLineException if it is none
   */
  public static Size size(String text) {
    return text.equals(TWO_TO_THE_64) ? Size.FULL : Size.bytes(hex(text));
  }

  /**
   * A decimal number of 32 bits, possibly negative.
   *
   * @param text the digits
   * @return the number
   * @throws BadLineException if it is none
   */
  public static int decimal(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadLineException("'" + excerpt(text) + "' is no decimal number of 32 bits");
    }
  }

  /**
   * Whether a character is a hexadecimal digit, in lower or upper case.
   *
   * @param c the character
   * @return true if so
   */
  public static boolean isHexDigit(int c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }

  /**
   * The beginning of a text, for a message.
   *
   * @param text the text to cut, of any length
   * @return at most some 40 characters of it
   */
  public static String excerpt(String text) {
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "...";
  }
}
