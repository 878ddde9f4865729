package io.flatview.dispatch.picture;

import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.RegionLabels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/**
 * A picture of address spaces, one below the other.
 *
 * <p>The space with the most ranges comes first. Each is drawn to a vertical axis, low addresses on top. The columns
 * are the levels of the tree. Where boxes of a level overlap, the box that hides the other is to the right of it;
 * hidden parts are hatched and have the name of the box that hides them. The last column is the flat view.
 */
public final class SpacePicture {

  private static final int MARGIN = 24;
  private static final int LEGEND = 56;
  private static final int BETWEEN = 44;
  private static final int LEGEND_STEP = 18;

  /**
   * A view to draw.
   *
   * @param names the names of the address spaces that share the view
   * @param root the root of the first of them
   * @param view the view that they share
   */
  public record Subject(List<String> names, MemoryRegion root, FlatView view) {

    /**
     * Copies the list.
     *
     * @throws NullPointerException if anything is null
     */
    public Subject {
      names = List.copyOf(names);
    }
  }

  private final List<Subject> subjects;
  private final List<SpaceDrawing> drawings;

  /**
   * Lays out a picture. Only the holder of the map's lock may call this.
   *
   * @param subjects the views to draw; an empty view is only named
   * @param labels the labels that the embedder adds to regions
   */
  public SpacePicture(List<Subject> subjects, RegionLabels labels) {
    this.subjects = subjects.stream()
        .filter(subject -> !subject.view().sections().isEmpty())
        .sorted(Comparator.comparingInt((Subject subject) -> subject.view().sections().size()).reversed())
        .toList();
    this.drawings = this.subjects.stream()
        .map(subject -> new SpaceDrawing(subject, BoxCollector.collect(RegionNode.of(subject.root())), labels))
        .toList();
  }

  /**
   * The picture.
   *
   * @return an SVG document that refers to nothing outside it
   */
  public String svg() {
    int width = Math.max(legendWidth(), drawings.stream().mapToInt(SpaceDrawing::width).max().orElse(0)) + 2 * MARGIN;
    int height = LEGEND + drawings.stream().mapToInt(drawing -> drawing.height() + BETWEEN).sum() + MARGIN;
    Svg svg = new Svg();
    svg.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flatview\" width=\"" + width + "\" height=\"" + height
        + "\" viewBox=\"0 0 " + width + " " + height + "\">");
    svg.raw("<style>" + resource("picture.css") + "</style>").raw(hatches());
    svg.rect("paper", 0, 0, width, height);
    legend(svg);
    int top = LEGEND;
    for (int i = 0; i < drawings.size(); i++) {
      svg.raw("<g id=\"space-" + i + "\" transform=\"translate(" + MARGIN + "," + top + ")\">");
      svg.raw(drawings.get(i).draw()).close();
      top += drawings.get(i).height() + BETWEEN;
    }
    return svg.raw("</svg>").toString();
  }

  /**
   * The picture on a page with links to its parts.
   *
   * @param title the title of the page
   * @return an HTML document that refers to nothing outside it
   */
  public String html(String title) {
    StringBuilder links = new StringBuilder();
    for (int i = 0; i < subjects.size(); i++) {
      links.append("<a href=\"#space-").append(i).append("\">")
          .append(Svg.escaped(String.join(", ", subjects.get(i).names()))).append("</a>\n");
    }
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + Svg.escaped(title)
        + "</title>\n<style>" + resource("page.css") + "</style>\n</head>\n<body>\n<header><h1>" + Svg.escaped(title)
        + "</h1>\n<nav>" + links + "</nav></header>\n<main>" + svg() + "</main>\n</body>\n</html>\n";
  }

  private static String hatches() {
    StringBuilder hatches = new StringBuilder("<defs>");
    for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.CONTAINER))) {
      hatches.append("<pattern id=\"hatch-").append(kind.style).append("\" class=\"").append(kind.style)
          .append("\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">")
          .append("<path class=\"hatch\" d=\"M1 0V6\"/></pattern>");
    }
    return hatches.append("</defs>").toString();
  }

  private static int legendWidth() {
    return legend(new Svg());
  }

  private static int legend(Svg svg) {
    int x = MARGIN;
    for (Kind kind : Kind.values()) {
      x = entry(svg, x, kind.style, "shown", kind.legend);
    }
    x = entry(svg, x, Kind.RAM.style, "hidden", "hidden; the tooltip names the box on top");
    svg.text("note", MARGIN, 20 + LEGEND_STEP + 4,
        "Heights grow with the logarithm of the size. A zigzag: addresses where no region answers. Dashed: an alias.");
    return x;
  }

  private static int entry(Svg svg, int x, String kind, String style, String text) {
    svg.open(kind).rect(style, x, 12, 14, 14).rect("frame", x, 12, 14, 14)
        .text("legend", x + 20, 23, text).close();
    return x + 20 + (int) (text.length() * Lanes.CHARACTER) + 16;
  }

  private static String resource(String name) {
    try (InputStream in = SpacePicture.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
