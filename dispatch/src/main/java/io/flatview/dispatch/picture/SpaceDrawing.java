package io.flatview.dispatch.picture;

import io.flatview.dispatch.picture.Lanes.Lane;
import io.flatview.dispatch.picture.Owners.Run;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RegionLabels;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws one address space: the axis, the levels of the tree in lanes, and the flat view. */
final class SpaceDrawing {

  private static final int AXIS = 110;
  private static final int AXIS_LINE = 8;
  private static final int TREE = 134;
  private static final int HEADING = 66;
  private static final int BASELINE = 11;
  private static final int AMOUNT_CHARACTERS = 12;
  private static final String WAY = " / ";
  private static final int LONGEST_WAY = 24;
  private static final int MOST_NAMES = 6;

  private final SpacePicture.Subject subject;
  private final RegionLabels labels;
  private final BoxCollector collected;
  private final Axis axis;
  private final Owners owners;
  private final Lanes lanes;
  private final int flat;
  private final int nameCharacters;
  private final Svg svg = new Svg();

  SpaceDrawing(SpacePicture.Subject subject, BoxCollector collected, RegionLabels labels) {
    this.subject = subject;
    this.labels = labels;
    this.collected = collected;
    this.axis = Axis.of(subject.view(), collected.boxes());
    this.owners = new Owners(axis, collected.boxes());
    this.lanes = new Lanes(collected.boxes(), TREE);
    this.flat = lanes.right();
    this.nameCharacters = Math.clamp(subject.view().sections().stream()
        .mapToInt(section -> section.region().name().length()).max().orElse(0), 16, 36);
  }

  int width() {
    return flat + flatWidth();
  }

  int height() {
    return HEADING + axis.height() + Axis.LINE;
  }

  private int flatWidth() {
    return (int) ((nameCharacters + AMOUNT_CHARACTERS) * Lanes.CHARACTER) + 2 * Lanes.PADDING;
  }

  String draw() {
    heading();
    svg.raw("<g transform=\"translate(0," + HEADING + ")\">");
    guides();
    axis();
    lanes.lanes().forEach(this::lane);
    axis.bands().stream().filter(band -> band.section().isEmpty()).forEach(this::hole);
    subject.view().sections().forEach(this::section);
    return svg.close().toString();
  }

  private void heading() {
    List<String> names = subject.names();
    String more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
    svg.open("heading").title(String.join("\n", names));
    svg.text("name", 0, 16, names.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")) + more).close();
    svg.text("note", 0, 33, summary());
    svg.text("column", 0, 56, "address");
    int level = -1;
    for (Lane lane : lanes.lanes()) {
      if (lane.level() != level) {
        level = lane.level();
        svg.text("column", lane.left(), 56, level == 0 ? "root" : "level " + level);
      }
    }
    svg.text("column", flat, 56, "flat view");
  }

  private String summary() {
    int ranges = subject.view().sections().size();
    return "root region " + subject.root().name() + " \u00b7 " + ranges + (ranges == 1 ? " range" : " ranges")
        + (collected.disabled() == 0 ? "" : " \u00b7 " + collected.disabled() + " disabled left out")
        + (collected.deselected() == 0 ? "" : " \u00b7 " + collected.deselected() + " variants not selected")
        + (collected.isCutShort() ? " \u00b7 the tree is cut short" : "");
  }

  private void guides() {
    String lines = axis.bands().stream()
        .filter(Band::labelled)
        .map(band -> "M" + (AXIS + AXIS_LINE) + " " + band.top() + ".5H" + width())
        .collect(Collectors.joining());
    svg.path("guide", lines);
  }

  private void axis() {
    StringBuilder line = new StringBuilder("M" + (AXIS + AXIS_LINE) + " 0");
    int lastText = -Axis.LINE;
    for (Band band : axis.bands()) {
      line.append(band.section().isEmpty() ? zigzag(band) : "V" + band.bottom());
      if (band.top() - lastText >= BASELINE + 1) {
        svg.address("address", 0, band.top() + BASELINE, AddressRange.hex(band.range().first()));
        lastText = band.top();
      }
    }
    svg.path("axis", line.toString());
    svg.address("address", 0, axis.height() + BASELINE, AddressRange.hex(-1));
  }

  /** A zigzag line, which marks a band that is longer than it looks. */
  private static String zigzag(Band band) {
    int middle = (band.top() + band.bottom()) / 2;
    return "V" + (middle - 5) + "l-5 2l10 3l-10 3l5 2V" + band.bottom();
  }

  private void lane(Lane lane) {
    lane.boxes().forEach(box -> box(lane, box));
  }

  private void box(Lane lane, Box box) {
    List<Band> bands = axis.of(box.range());
    int top = bands.getFirst().top();
    int bottom = bands.getLast().bottom();
    List<Run> runs = owners.runs(box);
    svg.open(box.kind().style).title(describe(box));
    if (!box.answers()) {
      svg.rect("shown", lane.left(), top, lane.width(), bottom - top);
    }
    for (Run run : runs) {
      String style = run.hider().isPresent() ? "hidden" : "shown";
      svg.rect(style, lane.left(), run.top(), lane.width(), run.bottom() - run.top());
    }
    svg.rect(box.region() == box.shown() ? "frame" : "frame alias", lane.left(), top, lane.width(), bottom - top);
    runs.forEach(run -> hider(lane, run, top));
    label(box, lane, top, !runs.isEmpty() && runs.getFirst().hider().isPresent());
    svg.close();
  }

  private void label(Box box, Lane lane, int top, boolean overHatch) {
    boolean gone = box.answers() && box.visible().isEmpty();
    svg.text(gone ? "label over gone" : overHatch ? "label over" : "label", lane.left() + Lanes.PADDING, top + BASELINE,
        Svg.shortened(box.label(), lane.characters()));
  }

  private void hider(Lane lane, Run run, int labelTop) {
    int top = run.top() == labelTop ? run.top() + Axis.LINE : run.top();
    if (run.hider().isPresent() && run.bottom() - top >= Axis.LINE - 1) {
      svg.text("under", lane.left() + Lanes.PADDING, top + BASELINE,
          Svg.shortened("under " + run.hider().get().region().name(), lane.characters()));
    }
  }

  private String describe(Box box) {
    MemoryRegion region = box.region();
    String alias = region instanceof MemoryRegion.Alias window
        ? ", alias of " + window.target().name() + " @" + AddressRange.hex(window.targetOffset())
        : "";
    return region.name() + " (prio " + region.priority() + ", " + labels.typeLabel(region) + alias + ")\n"
        + box.range() + ", " + Amounts.of(box.range()) + "\n" + way(box) + "\n" + outcome(box);
  }

  private static String way(Box box) {
    List<String> names = box.path().stream().map(MemoryRegion::name).toList();
    int end = names.size() - LONGEST_WAY / 2;
    return names.size() <= LONGEST_WAY
        ? String.join(WAY, names)
        : String.join(WAY, names.subList(0, LONGEST_WAY / 2)) + WAY + "..." + WAY
            + String.join(WAY, names.subList(end, names.size()));
  }

  private String outcome(Box box) {
    if (!box.answers()) {
      return "arranges others; its holes show what lies below";
    }
    Set<String> hiders = owners.hiders(box);
    String by = hiders.isEmpty() ? "" : ", hidden by " + String.join(", ", hiders);
    return box.content().isEmpty() ? "shows nothing"
        : box.visible().isEmpty() ? "shows nowhere" + by : hiders.isEmpty() ? "shows all over" : "shows in part" + by;
  }

  private void hole(Band band) {
    svg.open("gap").title("no region answers at " + band.range());
    if (band.height() >= Axis.LINE) {
      svg.text("gap", flat + Lanes.PADDING, band.top() + (band.height() + BASELINE) / 2 - 1,
          "nothing for " + Amounts.of(band.range()));
    }
    svg.close();
  }

  private void section(MemoryRegionSection section) {
    List<Band> bands = axis.of(section.range());
    int top = bands.getFirst().top();
    int height = bands.getLast().bottom() - top;
    Kind kind = Kind.of(section.region(), section.attributes().readOnly());
    svg.open(kind.style + " flat").title(describe(section, bands));
    svg.rect("shown", flat, top, flatWidth(), height).rect("frame", flat, top, flatWidth(), height);
    svg.text("label", flat + Lanes.PADDING, top + BASELINE, Svg.shortened(section.region().name(), nameCharacters));
    svg.text("amount", flat + flatWidth() - Lanes.PADDING, top + BASELINE, Amounts.of(section.range()));
    svg.close();
  }

  private String describe(MemoryRegionSection section, List<Band> bands) {
    String offset = section.offsetInRegion() == 0 ? "" : " @" + AddressRange.hex(section.offsetInRegion());
    return section.region().name() + offset + " (" + labels.typeLabel(section) + ")\n" + section.range() + ", "
        + Amounts.of(section.range()) + owners.of(bands.getFirst()).map(box -> "\n" + way(box)).orElse("");
  }
}
