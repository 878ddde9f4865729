package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.dump.Problems;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** From bytes to lines: tells the encoding, and refuses what is no text. */
final class Decoding {

  private static final char BYTE_ORDER_MARK = '\ufeff';
  private static final Charset SINGLE_BYTE = Charset.forName("windows-1252");
  private static final int SAMPLE = 4096;

  /** Of so many characters, one may be a control character that no terminal prints. */
  private static final int TEXT_PER_CONTROL = 50;

  private Decoding() {}

  /**
   * Decodes a text.
   *
   * @param source the name for messages
   * @param bytes the text
   * @param notes gets a guess
   * @return the text
   * @throws DumpException if it is empty, compressed or no text
   */
  static String decode(String source, byte[] bytes, Notes notes) {
    refuseCompressed(source, bytes);
    String text = withoutMark(characters(bytes, notes));
    if (text.isBlank()) {
      throw HowTo.refuse(source, 0, "the file is empty");
    }
    refuseBinary(source, text);
    return text;
  }

  private static String withoutMark(String text) {
    return text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  private static String characters(byte[] bytes, Notes notes) {
    if (bytes.length == 0) {
      return " ";
    }
    if (startsWith(bytes, 0xff, 0xfe) || zeros(bytes, 1)) {
      return new String(bytes, StandardCharsets.UTF_16LE);
    }
    if (startsWith(bytes, 0xfe, 0xff) || zeros(bytes, 0)) {
      return new String(bytes, StandardCharsets.UTF_16BE);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      notes.add(0, "is not in UTF-8; read as windows-1252");
      return new String(bytes, SINGLE_BYTE);
    }
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether every other byte is zero and its neighbour is not: Latin text in UTF-16 without a mark. */
  private static boolean zeros(byte[] bytes, int parity) {
    int end = Math.min(bytes.length, SAMPLE) & ~1;
    int zeros = 0;
    for (int i = 0; i < end; i++) {
      boolean zero = bytes[i] == 0;
      if (zero && (i & 1) != parity) {
        return false;
      }
      zeros += zero ? 1 : 0;
    }
    return zeros > 0 && zeros * 4 > end;
  }

  private static void refuseCompressed(String source, byte[] bytes) {
    String kind = startsWith(bytes, 0x1f, 0x8b) ? "gzip"
        : startsWith(bytes, 'P', 'K', 3, 4) ? "zip"
        : startsWith(bytes, 0xfd, '7', 'z', 'X', 'Z') ? "xz"
        : startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd) ? "zstd"
        : startsWith(bytes, 'B', 'Z', 'h') ? "bzip2" : "";
    if (!kind.isEmpty()) {
      throw Problems.fatal(source, 0, "is compressed (" + kind + "); unpack it first");
    }
  }

  private static void refuseBinary(String source, String text) {
    int controls = 0;
    int first = -1;
    for (int i = 0; i < text.length(); i++) {
      if (isStray(text.charAt(i))) {
        first = first < 0 ? i : first;
        controls++;
      }
    }
    if (controls > 2 && controls > text.length() / TEXT_PER_CONTROL) {
      throw HowTo.refuse(source, 1 + (int) text.substring(0, first).chars().filter(c -> c == '\n').count(),
          "holds bytes that are no text: this is a binary file, or a damaged one");
    }
  }

  private static boolean isStray(char c) {
    return (c < ' ' && "\n\r\t\b\f\u0007\u001b".indexOf(c) < 0) || c == '\ufffd';
  }

  /**
   * Splits a text. Lines end with LF, CR LF, or the separators that web pages use; with CR alone only where no line
   * ends otherwise, since terminals use it to print over a line.
   *
   * @param text the text
   * @return its lines, numbered from 1
   */
  static List<Line> lines(String text) {
    boolean carriageReturns = text.indexOf('\n') < 0 && text.indexOf('\r') >= 0;
    List<Line> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\u2028' || c == '\u0085' || (c == '\r' && carriageReturns)) {
        add(lines, text, start, i);
        start = i + 1;
      }
    }
    if (start < text.length()) {
      add(lines, text, start, text.length());
    }
    return lines;
  }

  private static void add(List<Line> lines, String text, int start, int end) {
    int last = end;
    while (last > start && text.charAt(last - 1) == '\r') {
      last--;
    }
    lines.add(new Line(lines.size() + 1, text.substring(start, last)));
  }
}
