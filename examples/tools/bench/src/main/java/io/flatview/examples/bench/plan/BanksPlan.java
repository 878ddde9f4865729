package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.bank.Switching;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that {@code bench banks} measures, in the order of the table. */
public final class BanksPlan {

  private final List<Subject> subjects = new ArrayList<>();

  private BanksPlan() {}

  /**
   * The plan.
   *
   * @return its lines
   */
  public static List<Subject> subjects() {
    BanksPlan plan = new BanksPlan();
    plan.layout("16 KiB window", "WINDOW", true);
    plan.layout("6 windows", "SIX_WINDOWS", false);
    plan.layout("overlay", "OVERLAY", true);
    return plan.subjects;
  }

  private void layout(String name, String layout, boolean spaces) {
    for (int loads : new int[] {1, 200}) {
      String line = name + ", " + loads + (loads == 1 ? " load: " : " loads: ");
      line(line + "arrays", "the base: what emulators do", layout, "arrays", loads);
      line(line + "banks", "loads through the reader", layout, "banks", loads);
      line(line + "banks, kept pages", "a CPU's own cache", layout, "cached", loads);
      if (spaces) {
        line(line + "a space each", "all choices are rendered", layout, "spaces", loads);
      }
      line(line + "a commit each", "what a selection is spared", layout, "commits", loads);
    }
  }

  private void line(String name, String isolates, String layout, String way, int loads) {
    subjects.add(new Subject(name, isolates, trial(layout, way, loads), Optional.of(trial(layout, "arrays", loads)),
        Unit.NANOS, Peer.NONE));
  }

  private static Trial trial(String layout, String way, int loads) {
    return new Trial(Switching.class, "selectAndLoad", 1,
        Map.of("layout", layout, "way", way, "loads", String.valueOf(loads)));
  }
}
