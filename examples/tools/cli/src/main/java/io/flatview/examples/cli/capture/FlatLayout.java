package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.LineTail;
import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives the lines of flat views the form in which QEMU prints them. Page tables are left out. */
final class FlatLayout {

  private static final Pattern SPACE = Pattern.compile("AS [\"\u201c](.*)[\"\u201d], root: (.*)");
  private static final Pattern PAGE_TABLE = Pattern.compile(
      "Dispatch|Physical sections|#\\d+ @.*|Nodes \\(.*|\\[\\d+\\]|\\d+(?:\\.\\.\\d+)?\\s+skip=.*");
  private static final Pattern ORNAMENT = Pattern.compile("[^\\p{L}0-9]*");

  /** A view while its lines are read. */
  private static final class View {
    private final int line;
    private final List<String> spaces = new ArrayList<>();
    private final List<Line> ranges = new ArrayList<>();
    private String root = "";
    private boolean nothing;

    View(int line) {
      this.line = line;
    }
  }

  private final Notes notes;
  private final List<View> views = new ArrayList<>();
  private View view;

  private FlatLayout(Notes notes) {
    this.notes = notes;
  }

  /** Lays out views. */
  static List<Line> lay(Session session, Notes notes) {
    Line last = session.lines().getLast();
    if (!last.isBlank()) {
      notes.add(last.number(), "no empty line follows the last view; the text may have been cut off behind this line");
    }
    return new FlatLayout(notes).lay(session.lines());
  }

  private List<Line> lay(List<Line> lines) {
    lines.forEach(line -> line(line, line.text().strip()));
    List<Line> out = new ArrayList<>();
    for (int number = 0; number < views.size(); number++) {
      write(views.get(number), number, out);
    }
    return out;
  }

  private void line(Line line, String text) {
    Matcher space = SPACE.matcher(text);
    if (text.startsWith(MapLine.VIEW)) {
      view = begin(line);
    } else if (text.startsWith(MapLine.OLD_VIEW)) {
      old(line, text.substring(MapLine.OLD_VIEW.length()));
    } else if (space.matches()) {
      view = view == null || !view.ranges.isEmpty() || view.nothing ? begin(line) : view;
      view.spaces.add(" AS \"" + space.group(1) + "\", root: " + space.group(2));
    } else if (text.startsWith(MapLine.ROOT)) {
      current(line).root = text.substring(MapLine.ROOT.length());
    } else if (text.startsWith(MapLine.NOTHING)) {
      current(line).nothing = true;
    } else if (MapLine.startsRegion(text)) {
      range(line);
    } else if (!isPageTable(text) && !ORNAMENT.matcher(text).matches()) {
      notes.add(line.number(), "is no line of a view; it is left out");
    }
  }

  /** Whether a line is of what {@code info mtree -d} adds to a view. */
  static boolean isPageTable(String text) {
    return PAGE_TABLE.matcher(text).matches();
  }

  /** QEMU 2.9 and 2.10 say which address space, and not which region it shows. */
  private void old(Line line, String space) {
    view = begin(line);
    view.spaces.add(" AS \"" + space + "\", root: " + space);
    view.root = space;
    notes.add(line.number(), "QEMU before 2.11 does not name the root of a view; taken for one of the same name");
  }

  private View begin(Line line) {
    View begun = new View(line.number());
    views.add(begun);
    return begun;
  }

  private View current(Line line) {
    view = view == null ? begin(line) : view;
    return view;
  }

  private void range(Line line) {
    RegionLine range = RegionLine.of(line, notes);
    if (range == null || range.isIncomplete()) {
      notes.add(line.number(), "ends before it is complete; the line is left out");
      return;
    }
    String body = LineTail.of(range.body()).body();
    current(line).ranges.add(range.withBody(Remarks.without(body, line.number(), notes)).at(1));
  }

  private void write(View done, int number, List<Line> out) {
    if (done.ranges.isEmpty() && !done.nothing) {
      notes.add(done.line, "neither ranges nor '" + MapLine.NOTHING + "' follow; the view is taken for an empty one");
    }
    String root = done.root.isEmpty() ? root(done) : done.root;
    if (done.spaces.isEmpty()) {
      notes.add(done.line, "no address space is named for this view; assumed 'memory'");
      done.spaces.add(" AS \"memory\", root: " + (root.equals("(none)") ? "memory" : root));
    }
    out.add(new Line(done.line, MapLine.VIEW + number));
    done.spaces.forEach(space -> out.add(new Line(done.line, space)));
    out.add(new Line(done.line, " " + MapLine.ROOT + (done.ranges.isEmpty() ? "(none)" : root)));
    out.addAll(done.ranges.isEmpty() ? List.of(new Line(done.line, "  " + MapLine.NOTHING)) : done.ranges);
    out.add(new Line(done.line, ""));
  }

  private String root(View done) {
    if (!done.ranges.isEmpty()) {
      notes.add(done.line, "the root of this view is missing; taken from its address space");
    }
    Matcher space = SPACE.matcher(done.spaces.isEmpty() ? "" : done.spaces.getFirst().strip());
    return space.matches() ? space.group(2).replaceFirst(", alias .*", "") : "memory";
  }
}
