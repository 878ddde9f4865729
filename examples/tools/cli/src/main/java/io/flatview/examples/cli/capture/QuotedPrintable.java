package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Undoes the encoding of mail bodies: {@code =XX} stands for a byte, {@code =} at the end of a line for nothing. */
final class QuotedPrintable implements Stage {

  private static final Pattern PROOF = Pattern.compile("=0D$|=20$|=09$|=3D|=C2=A0|=E2=80=");
  private static final Pattern QUOTE = Pattern.compile("^[> ]*>");
  private static final String RETURN = "=0D";
  private static final int SHORTEST_FULL_LINE = 60;
  private static final int LONGEST_LINE = 78;

  @Override
  public List<Line> apply(List<Line> lines, Notes notes) {
    return isEncoded(lines) ? decode(lines) : lines;
  }

  private static boolean isEncoded(List<Line> lines) {
    boolean proof = false;
    int encoded = 0;
    int other = 0;
    for (Line line : lines) {
      String text = line.text();
      proof |= text.contains("=") && (isSoftBreak(text) || PROOF.matcher(text).find());
      for (int at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
        boolean code = at == text.length() - 1 || text.startsWith(RETURN, at + 1) || code(text, at) >= 0;
        encoded += code ? 1 : 0;
        other += code ? 0 : 1;
      }
    }
    return proof && other * 10 <= encoded;
  }

  private static boolean isSoftBreak(String text) {
    return text.endsWith("=") && text.length() >= SHORTEST_FULL_LINE && text.length() <= LONGEST_LINE;
  }

  private static List<Line> decode(List<Line> lines) {
    List<Line> decoded = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    int start = 0;
    for (Line line : lines) {
      start = open.isEmpty() ? line.number() : start;
      open.append(open.isEmpty() ? line.text() : withoutQuote(open, line.text()));
      int soft = softBreak(open);
      if (soft >= 0) {
        open.setLength(soft);
        if (open.isEmpty()) {
          open.append(' ');
        }
      } else {
        decoded.add(new Line(start, bytes(open.toString())));
        open.setLength(0);
      }
    }
    if (!open.isEmpty()) {
      decoded.add(new Line(start, bytes(open.toString())));
    }
    return decoded;
  }

  /** Where the sign stands that continues a line, also before an encoded carriage return; negative if it does not. */
  private static int softBreak(StringBuilder line) {
    int last = line.length() - RETURN.length();
    int end = last >= 0 && line.indexOf(RETURN, last) == last ? last : line.length();
    return end > 0 && line.charAt(end - 1) == '=' ? end - 1 : -1;
  }

  /** A reply quotes each piece of a line. */
  private static String withoutQuote(StringBuilder above, String text) {
    Matcher quote = QUOTE.matcher(text);
    boolean quoted = QUOTE.matcher(above).find() && quote.find();
    return quoted ? text.substring(quote.end()).replaceFirst("^ ", "") : text;
  }

  private static String bytes(String text) {
    if (text.indexOf('=') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      int code = text.charAt(i) == '=' ? code(text, i) : -1;
      if (code >= 0) {
        bytes.write(code);
        i += 2;
      } else {
        flush(bytes, plain);
        plain.append(text.charAt(i));
      }
    }
    flush(bytes, plain);
    return plain.toString().replaceAll("[\r\n]+$", "");
  }

  private static void flush(ByteArrayOutputStream bytes, StringBuilder into) {
    if (bytes.size() > 0) {
      try {
        into.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
      } catch (CharacterCodingException e) {
        into.append(bytes.toString(StandardCharsets.ISO_8859_1));
      }
      bytes.reset();
    }
  }

  /** The byte that stands at an equals sign; negative if none does. */
  private static int code(String text, int at) {
    if (at + 2 >= text.length()) {
      return -1;
    }
    int high = digit(text.charAt(at + 1));
    int low = digit(text.charAt(at + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }
}
