package io.flatview.examples.cli.dump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of a dump, as lines. Lines may end with LF or CR LF.
 *
 * @param source the name for messages
 * @param lines the lines without their ends
 * @param ended whether the last line has its end; if not, the text may have been cut off within it
 */
public record DumpText(String source, List<Line> lines, boolean ended) {

  /** The longest line that is taken for one, in characters. */
  public static final int LONGEST_LINE = 16_384;

  private static final int LARGEST_FILE = 256 << 20;

  /**
   * Copies the list.
   *
   * @throws NullPointerException if anything is null
   */
  public DumpText {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a file.
   *
   * @param file the file to read
   * @return its text
   * @throws DumpException if it cannot be read, is empty or is no text
   */
  public static DumpText ofFile(Path file) {
    return of(file.toString(), bytes(file));
  }

  /**
   * Reads a resource.
   *
   * @param name its absolute name
   * @return its text
   * @throws DumpException if it is missing or is no text
   */
  public static DumpText ofResource(String name) {
    try (InputStream stream = DumpText.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw Problems.fatal(name, 0, "the resource is missing");
      }
      return of(name, stream.readAllBytes());
    } catch (IOException e) {
      throw Problems.fatal(name, 0, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Takes bytes for a text in UTF-8.
   *
   * @param source the name for messages
   * @param bytes the text
   * @return its lines
   * @throws DumpException if it is empty or is no text
   */
  public static DumpText of(String source, byte[] bytes) {
    String text = decode(source, bytes);
    if (text.isBlank()) {
      throw Problems.fatal(source, 0, "the file is empty");
    }
    List<Line> lines = new ArrayList<>();
    text.lines().forEach(line -> lines.add(new Line(lines.size() + 1, line)));
    Problems problems = new Problems(source);
    lines.forEach(line -> checkLength(line, problems));
    problems.throwIfAny();
    return new DumpText(source, lines, text.endsWith("\n"));
  }

  /**
   * Notes a last line without its end as a problem.
   *
   * @param problems the list that gets the problem
   */
  public void requireEnd(Problems problems) {
    if (!ended) {
      problems.add(end(), "the file ends within this line: it was cut off");
    }
  }

  /**
   * The text of the first line.
   *
   * @return the line
   */
  public String first() {
    return lines.getFirst().text();
  }

  /**
   * The number of the last line.
   *
   * @return from 1
   */
  public int end() {
    return lines.getLast().number();
  }

  /**
   * Reads the bytes of a file.
   *
   * @param file the file to read
   * @return all of them
   * @throws DumpException if it cannot be read, or is larger than any dump
   */
  public static byte[] bytes(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw Problems.unreadable(file.toString(), "is a folder, not a dump");
      }
      try (InputStream in = Files.newInputStream(file)) {
        return bytes(file.toString(), in);
      }
    } catch (NoSuchFileException e) {
      throw Problems.unreadable(file.toString(), "no such file");
    } catch (IOException e) {
      throw Problems.unreadable(file.toString(), "cannot be read: " + reason(e));
    }
  }

  /**
   * Reads all bytes of a stream.
   *
   * @param source the name for messages
   * @param in the stream; not closed
   * @return all of them
   * @throws IOException if it cannot be read
   * @throws DumpException if it has more than any dump
   */
  public static byte[] bytes(String source, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST_FILE);
    if (bytes.length == LARGEST_FILE && in.read() >= 0) {
      throw Problems.fatal(source, 0, "is larger than any dump: more than " + LARGEST_FILE + " bytes");
    }
    return bytes;
  }

  private static String reason(IOException e) {
    boolean named = e instanceof FileSystemException system && system.getReason() != null;
    return named ? ((FileSystemException) e).getReason() : e.getClass().getSimpleName();
  }

  private static String decode(String source, byte[] bytes) {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(input).toString();
      int control = firstControl(text);
      if (control < 0) {
        return text;
      }
      throw binary(source, lineOf(text, control));
    } catch (CharacterCodingException e) {
      throw binary(source, lineOf(new String(bytes, 0, input.position(), StandardCharsets.ISO_8859_1), -1));
    }
  }

  private static DumpException binary(String source, int line) {
    return Problems.fatal(source, line, "holds bytes that are no text: this is a binary file, or a damaged one");
  }

  private static int firstControl(String text) {
    for (int index = 0; index < text.length(); index++) {
      char c = text.charAt(index);
      if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
        return index;
      }
    }
    return -1;
  }

  private static int lineOf(String text, int index) {
    int end = index < 0 ? text.length() : index;
    return 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  private static void checkLength(Line line, Problems problems) {
    int length = line.text().length();
    if (length > LONGEST_LINE) {
      problems.add(line.number(), "has " + length + " characters; no line of a dump is longer than " + LONGEST_LINE);
    }
  }
}
