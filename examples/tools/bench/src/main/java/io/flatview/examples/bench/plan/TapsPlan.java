package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import io.flatview.examples.bench.taps.TappedLoads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that {@code bench taps} measures, in the order of the table. */
public final class TapsPlan {

  private static final int MANY = 20_000;
  private static final int PAGE = 4096;

  private final List<Subject> subjects = new ArrayList<>();

  private TapsPlan() {}

  /**
   * The plan.
   *
   * @return its lines
   */
  public static List<Subject> subjects() {
    TapsPlan plan = new TapsPlan();
    plan.loads();
    plan.changes();
    return plan.subjects;
  }

  private void loads() {
    load("load, no tap", "the base", load(0, PAGE, "far"));
    load("load 60 MiB from 1 tap", "a page that no tap watches", load(1, PAGE, "far"));
    load("load 60 MiB from 1000 taps", "the same", load(1_000, PAGE, "far"));
    load("load 60 MiB from 20000 taps", "taps 8 bytes apart", load(MANY, 8, "far"));
    load("load beside 1 tap", "the watched page", load(1, PAGE, "beside"));
    load("load of 1 tap", "finding and calling it", load(1, PAGE, "tap"));
    load("load of one of 1000 taps", "the same, a page each", load(1_000, PAGE, "tap"));
    load("load of one of 20000 taps", "the same, 512 on a page", load(MANY, 8, "tap"));
    load("load of one of 20000 taps in one leaf", "and one tap around them all", around());
  }

  private static Trial around() {
    return new Trial(TappedLoads.class, "load", 1,
        Map.of("taps", String.valueOf(MANY), "apart", "8", "where", "tap", "around", "true"));
  }

  private void changes() {
    change("attach and remove, alone", "leaves of one page", 0, PAGE);
    change("attach and remove, 1000 taps", "pages with a tap each", 1_000, PAGE);
    change("attach and remove, 20000 taps", "512 taps on the page", MANY, 8);
  }

  private void load(String name, String isolates, Trial trial) {
    subjects.add(new Subject(
        name, isolates, trial, Optional.of(load(0, PAGE, "far")), Unit.NANOS, Peer.NONE));
  }

  private static Trial load(int taps, int apart, String where) {
    return new Trial(TappedLoads.class, "load", 1, parameters(taps, apart, where));
  }

  private void change(String name, String isolates, int taps, int apart) {
    subjects.add(new Subject(name, isolates, attaching(taps, apart), Optional.of(attaching(0, PAGE)),
        Unit.MICROS_EACH, Peer.NONE));
  }

  private static Trial attaching(int taps, int apart) {
    return new Trial(TappedLoads.class, "attachAndRemove", 1, parameters(taps, apart, "far"));
  }

  private static Map<String, String> parameters(int taps, int apart, String where) {
    return Map.of("taps", String.valueOf(taps), "apart", String.valueOf(apart), "where", where);
  }
}
