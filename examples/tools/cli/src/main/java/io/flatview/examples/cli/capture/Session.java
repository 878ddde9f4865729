package io.flatview.examples.cli.capture;

import io.flatview.examples.cli.dump.Line;
import io.flatview.examples.cli.dump.Notes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the map in a session: the text between two prompts. A tree is taken rather than views, since it says more, and
 * the first of several.
 *
 * @param lines those of the map, with all between them
 * @param isTree whether it is a tree; otherwise views
 */
record Session(List<Line> lines, boolean isTree) {

  private static final Pattern PROMPT = Pattern.compile("\\(qemu\\).*", Pattern.CASE_INSENSITIVE);

  /**
   * Finds it.
   *
   * @param lines the whole text
   * @param notes gets which maps are left out
   * @return the map, without lines if there is none
   */
  static Session of(List<Line> lines, Notes notes) {
    List<Session> maps = new ArrayList<>();
    List<Line> current = new ArrayList<>();
    boolean tree = true;
    for (Line line : lines) {
      boolean prompt = PROMPT.matcher(line.text().strip()).matches();
      boolean other = tree ? startsViews(line.text()) : startsTree(line.text());
      if (prompt || other) {
        add(maps, current, tree);
        current = new ArrayList<>();
        tree = !startsViews(line.text());
      }
      if (!prompt) {
        current.add(line);
      }
    }
    add(maps, current, tree);
    return choose(maps, notes);
  }

  private static boolean startsViews(String text) {
    String start = text.stripLeading();
    return start.startsWith(MapLine.VIEW) || start.startsWith(MapLine.OLD_VIEW) || start.startsWith("AS \"")
        || start.startsWith(MapLine.ROOT);
  }

  private static boolean startsTree(String text) {
    String start = text.stripLeading();
    return start.startsWith(MapLine.SPACE) || start.startsWith(MapLine.SECTION);
  }

  private static void add(List<Session> maps, List<Line> lines, boolean tree) {
    int first = 0;
    int last = lines.size() - 1;
    while (first <= last && isAround(lines.get(first).text(), first == last ? "" : lines.get(first + 1).text())) {
      first++;
    }
    while (last >= first && !isEnd(lines.get(last).text(), tree)) {
      last--;
    }
    List<Line> map = new ArrayList<>(lines.subList(first, Math.max(first, last + 1)));
    boolean shown = map.stream().anyMatch(line -> MapLine.isRegion(line.text().stripLeading())
        || line.text().contains(MapLine.NOTHING));
    if (shown) {
      if (last + 1 < lines.size() && lines.get(last + 1).isBlank()) {
        map.add(lines.get(last + 1));
      }
      maps.add(new Session(map, tree));
    }
  }

  /** The line before the first of a map may be a heading of an old kind: a bare name. */
  private static boolean isAround(String text, String next) {
    return !isMap(text) && !MapLine.isRegion(next);
  }

  private static boolean isEnd(String text, boolean tree) {
    return isMap(text) || MapLine.startsRegion(text) || (!tree && FlatLayout.isPageTable(text.strip()));
  }

  private static boolean isMap(String text) {
    return MapLine.find(text) >= 0;
  }

  private static Session choose(List<Session> maps, Notes notes) {
    Session chosen = maps.stream().filter(Session::isTree).findFirst()
        .orElseGet(() -> maps.isEmpty() ? new Session(List.of(), true) : maps.getFirst());
    for (Session map : maps) {
      if (map != chosen) {
        String other = map.isTree ? "another map that starts here is" : "flat views that start here are";
        notes.add(map.lines.getFirst().number(),
            other + " left out: the map of line " + chosen.lines.getFirst().number() + " is read");
      }
    }
    return chosen;
  }
}
