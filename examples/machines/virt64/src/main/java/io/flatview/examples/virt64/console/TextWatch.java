package io.flatview.examples.virt64.console;

/** Finds a text in a stream of bytes, once. */
final class TextWatch {

  private final byte[] expected;

  /** How much of the text the end of the stream is. */
  private int matched;

  /** An empty text is never found. */
  TextWatch(byte[] expected) {
    this.expected = expected;
  }

  /** @return whether the text ends with this byte, for the first time */
  boolean next(byte value) {
    if (matched == expected.length) {
      return false;
    }
    while (matched > 0 && expected[matched] != value) {
      matched = border(matched);
    }
    return expected[matched] == value && ++matched == expected.length;
  }

  /** The longest proper beginning of the first {@code length} bytes that is also their end. */
  private int border(int length) {
    for (int shorter = length - 1; shorter > 0; shorter--) {
      int distance = length - shorter;
      int i = 0;
      while (i < shorter && expected[i] == expected[i + distance]) {
        i++;
      }
      if (i == shorter) {
        return shorter;
      }
    }
    return 0;
  }
}
