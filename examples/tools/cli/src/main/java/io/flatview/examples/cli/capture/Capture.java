package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.memory.PrintableText;
import java.util.ArrayList;
import java.util.List;

/**
 * A captured map, in the form in which QEMU prints it.
 *
 * @param text the lines
 * @param kind the kind of the lines
 */
public record Capture(DumpText text, Kind kind) {

  /** The kinds of texts that tell a map. */
  public enum Kind {
    /** A model file. */
    MODEL,
    /** The tree of {@code info mtree}. */
    TREE,
    /** The flat views of {@code info mtree -f}. */
    VIEWS
  }

  private static final String MODEL = "# memory map model";

  private static final List<Stage> STAGES = List.of(
      new QuotedPrintable(), new Markup(), new TerminalOutput(), new Spaces(), new LinePrefixes(), new Tabs(),
      new LongLines(), new Wrapping());

  /**
   * Reads a captured map.
   *
   * @param source its name, for messages
   * @param bytes the text in whatever state
   * @param notes gets what is missing, and what was repaired by a guess
   * @return the map
   * @throws io.flatview.examples.cli.dump.DumpException if there is none
   */
  public static Capture read(String source, byte[] bytes, Notes notes) {
    String decoded = Decoding.decode(source, bytes, notes);
    if (decoded.startsWith(MODEL)) {
      return new Capture(new DumpText(source, Decoding.lines(decoded), decoded.endsWith("\n")), Kind.MODEL);
    }
    List<Line> lines = lines(decoded, notes);
    if (lines.isEmpty()) {
      throw HowTo.refuse(source, 0, "there is nothing in what the file encodes");
    }
    Line first = lines.stream().filter(line -> !line.isBlank()).findFirst().orElse(lines.getFirst());
    for (Stage stage : STAGES) {
      lines = stage.apply(lines, notes);
    }
    Session session = Session.of(lines, notes);
    if (session.lines().isEmpty()) {
      throw HowTo.refuse(source, first.number(), "holds no line of a memory map; it starts with '"
          + PrintableText.of(Numbers.excerpt(first.text().strip())) + "'");
    }
    List<Line> laid = session.isTree() ? TreeLayout.lay(session, notes) : FlatLayout.lay(session, notes);
    return new Capture(new DumpText(source, new ArrayList<>(laid), true), session.isTree() ? Kind.TREE : Kind.VIEWS);
  }

  /** The lines as they stand in a text, so that they can be shown. */
  static List<Line> lines(String source, byte[] bytes, Notes notes) {
    return lines(Decoding.decode(source, bytes, notes), notes);
  }

  private static List<Line> lines(String decoded, Notes notes) {
    return Decoding.lines(MonitorReplies.open(EncodedBody.open(decoded), notes));
  }
}
