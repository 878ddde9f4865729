package io.flatview.examples.cli.dump;

import io.flatview.memory.AddressRange;

/** Reads one line from left to right. Not for several threads. */
public final class Cursor {

  private static final int ADDRESS_DIGITS = 16;

  private final String line;
  private int position;

  /**
   * Starts at the beginning of a line.
   *
   * @param line the line
   */
  public Cursor(String line) {
    this.line = line;
  }

  /**
   * Skips blanks.
   *
   * @return how many
   */
  public int blanks() {
    int start = position;
    while (position < line.length() && line.charAt(position) == ' ') {
      position++;
    }
    return position - start;
  }

  /**
   * Steps over a text that must be there.
   *
   * @param text the text that must follow
   * @throws BadLineException if something else is there
   */
  public void expect(String text) {
    if (!take(text)) {
      throw new BadLineException("expected '" + text + "' in column " + (position + 1) + ", found " + found());
    }
  }

  /**
   * Steps over a text if it is there.
   *
   * @param text the text that may follow
   * @return true if it was there
   */
  public boolean take(String text) {
    boolean there = line.startsWith(text, position);
    position += there ? text.length() : 0;
    return there;
  }

  /**
   * Steps over the text up to another one, and over that.
   *
   * @param end the text that must follow
   * @return the text between
   * @throws BadLineException if it does not follow
   */
  public String until(String end) {
    int at = line.indexOf(end, position);
    if (at < 0) {
      throw new BadLineException("expected '" + end + "' after column " + (position + 1) + ", found " + found());
    }
    String between = line.substring(position, at);
    position = at + end.length();
    return between;
  }

  /**
   * Steps over an address of exactly 16 digits.
   *
   * @return the address
   * @throws BadLineException if it is not there
   */
  public long address() {
    int end = position;
    while (end < line.length() && Numbers.isHexDigit(line.charAt(end))) {
      end++;
    }
    if (end - position != ADDRESS_DIGITS) {
      throw new BadLineException(
          "expected an address of 16 hexadecimal digits in column " + (position + 1) + ", found " + found());
    }
    long address = Numbers.hex(line.substring(position, end));
    position = end;
    return address;
  }

  /**
   * Steps over a range: two addresses with a hyphen between.
   *
   * @return the range
   * @throws BadLineException if it is not there, or ends before it starts
   */
  public AddressRange range() {
    long first = address();
    expect("-");
    return range(first, address());
  }

  /**
   * A range, checked.
   *
   * @param first its first address
   * @param last its last address
   * @return the range
   * @throws BadLineException if it ends before it starts
   */
  public static AddressRange range(long first, long last) {
    if (Long.compareUnsigned(last, first) < 0) {
      throw new BadLineException("the range " + AddressRange.hex(first) + "-" + AddressRange.hex(last)
          + " ends before it starts");
    }
    return new AddressRange(first, last);
  }

  /**
   * The rest of the line.
   *
   * @return the rest of the line
   */
  public String rest() {
    return line.substring(position);
  }

  private String found() {
    return position == line.length() ? "the end of the line" : "'" + Numbers.excerpt(rest()) + "'";
  }
}
