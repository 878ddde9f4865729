package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.commit.Commits;
import io.flatview.examples.bench.commit.Footprint;
import io.flatview.examples.bench.commit.Storm;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that {@code bench commit} measures, in the order of the table. */
public final class CommitPlan {

  private static final List<String> LAYOUTS = List.of("gap", "dense", "sparse", "random");
  private static final List<Integer> SIZES = List.of(10, 100, 1_000, 10_000, 100_000);
  private static final int MANY_SPACES = 300;
  private static final int VERY_MANY_SPACES = 10_000;
  private static final int VERY_MANY_READERS = 10_000;

  /** The address spaces of a PC whose every function is a bus master. */
  private static final int SPACES_ON_ONE_ROOT = 297;

  private static final List<Integer> RANDOM_SIZES = List.of(10, 1_000, 10_000, 1_000_000);

  /** Above so many regions, they need a larger heap. */
  private static final int LARGE = 100_000;

  private static final List<String> LARGE_HEAP = List.of("-Xms3g", "-Xmx3g");
  private static final int WARM_MILLIS = 2_000;

  /** QEMU 7.2's medians for as many regions, added in random order, and two address spaces, in microseconds. */
  private static final Map<String, String> QEMU = Map.ofEntries(
      Map.entry("gap-10", "16"), Map.entry("gap-100", "32"), Map.entry("gap-1000", "742"),
      Map.entry("gap-10000", "48000"), Map.entry("dense-10", "15"), Map.entry("dense-100", "32"),
      Map.entry("dense-1000", "764"), Map.entry("sparse-10", "15"), Map.entry("sparse-100", "115"),
      Map.entry("sparse-1000", "1317"), Map.entry("sparse-10000", "45000"), Map.entry("random-10", "21"),
      Map.entry("random-100", "203"), Map.entry("random-1000", "1843"), Map.entry("random-10000", "45000"));

  private final List<Subject> subjects = new ArrayList<>();

  private final int largest;
  private final String warmMillis;

  private CommitPlan(int largest, int warmMillis) {
    this.largest = largest;
    this.warmMillis = String.valueOf(warmMillis);
  }

  /**
   * The plan.
   *
   * @param length a smoke test leaves the largest maps out
   * @return its lines
   */
  public static List<Subject> subjects(Length length) {
    CommitPlan plan = length == Length.SMOKE ? new CommitPlan(1_000, 0) : new CommitPlan(1_000_000, WARM_MILLIS);
    LAYOUTS.forEach(plan::toggles);
    plan.togglesAny();
    plan.spaces();
    plan.spacesOnOneRoot();
    plan.readers();
    plan.storms();
    plan.builds(10_000);
    plan.builds(100_000);
    plan.footprint();
    return plan.subjects;
  }

  private void toggles(String layout) {
    for (int size : SIZES.stream().filter(size -> size <= largest).toList()) {
      String topology = layout + "-" + size;
      add("toggle " + topology, "one page among so many",
          toggle(topology), Optional.of(toggle(layout + "-" + SIZES.getFirst())),
          Unit.MICROS_EACH, qemu(QEMU.get(topology)));
    }
  }

  private void togglesAny() {
    for (int size : RANDOM_SIZES.stream().filter(size -> size <= largest).toList()) {
      add("toggle any of gap-" + size, "a place that no cache holds", toggleAny(size),
          Optional.of(toggleAny(RANDOM_SIZES.getFirst())), Unit.MICROS_EACH, Peer.NONE);
    }
  }

  private Trial toggleAny(int size) {
    return new Trial(Commits.class, "toggleAny", 1, Map.of("topology", "gap-" + size, "warmMillis", warmMillis),
        size > LARGE ? LARGE_HEAP : List.of());
  }

  private Trial toggle(String topology) {
    return new Trial(Commits.class, "toggle", 1, Map.of("topology", topology, "warmMillis", warmMillis));
  }

  private static Peer qemu(String figure) {
    return figure == null ? Peer.NONE : new Peer(figure, "QEMU");
  }

  private void spaces() {
    Trial one = spaces("toggleInOneSpace", 1);
    add("1 space, toggle", "the base", one, Optional.empty(), Unit.MICROS_EACH, Peer.NONE);
    add(MANY_SPACES + " spaces, 1 affected", "finding it", spaces("toggleInOneSpace", MANY_SPACES), Optional.of(one),
        Unit.MICROS_EACH, new Peer("8600", "QEMU, 297"));
    if (largest >= VERY_MANY_SPACES) {
      add(VERY_MANY_SPACES + " spaces, 1 affected", "finding it", spaces("toggleInOneSpace", VERY_MANY_SPACES),
          Optional.of(one), Unit.MICROS_EACH, Peer.NONE);
    }
    add(MANY_SPACES + " spaces, all affected", "so many views", spaces("toggleInAllSpaces", MANY_SPACES),
        Optional.of(one), Unit.MICROS_EACH, new Peer("8600", "QEMU, 297"));
  }

  private void spacesOnOneRoot() {
    Trial two = spaces("toggleOnOneRoot", 2);
    add("2 spaces on one root", "the base", two, Optional.empty(), Unit.MICROS_EACH, Peer.NONE);
    add(SPACES_ON_ONE_ROOT + " spaces on one root, all affected", "a view that they share",
        spaces("toggleOnOneRoot", SPACES_ON_ONE_ROOT), Optional.of(two), Unit.MICROS_EACH,
        new Peer("6200", "QEMU"));
  }

  private Trial spaces(String method, int spaces) {
    return new Trial(
        Commits.class, method, 1, Map.of("spaces", String.valueOf(spaces), "warmMillis", warmMillis));
  }

  private void readers() {
    Trial few = readers(1);
    add("1 reader, toggle", "the base", few, Optional.empty(), Unit.MICROS_EACH, Peer.NONE);
    if (largest >= VERY_MANY_READERS) {
      add(VERY_MANY_READERS + " readers, toggle", "readers that do nothing", readers(VERY_MANY_READERS),
          Optional.of(few), Unit.MICROS_EACH, Peer.NONE);
    }
  }

  private Trial readers(int readers) {
    return new Trial(
        Commits.class, "toggleBesideReaders", 1, Map.of("readers", String.valueOf(readers), "warmMillis", warmMillis));
  }

  private void storms() {
    Trial calm = storm(0);
    add("load, no commits", "the base, with two looks at the clock", calm, Optional.empty(), Unit.RARE_MICROS,
        Peer.NONE);
    add("load, 1000 commits/s", "1 load of 10,000 in a storm", storm(1000), Optional.of(calm), Unit.RARE_MICROS,
        Peer.NONE);
    add("load, all commits", "1 load of 10,000 in a storm", storm(-1), Optional.of(calm), Unit.RARE_MICROS, Peer.NONE);
  }

  private static Trial storm(int commits) {
    return new Trial(Storm.class, "load", 1, Map.of("commits", String.valueOf(commits)));
  }

  private void builds(int size) {
    if (size > largest) {
      return;
    }
    for (String layout : LAYOUTS) {
      add("build " + layout + "-" + size, "one transaction",
          new Trial(
              Commits.class, "build", 1, Map.of("topology", layout + "-" + size, "warmMillis", warmMillis)),
          Optional.empty(),
          Unit.MICROS_EACH, Peer.NONE);
    }
  }

  private void footprint() {
    String size = "-" + Math.min(largest, 10_000);
    Map<String, String> qemu = Map.of("gap", "474", "dense", "", "sparse", "2518", "random", "2704");
    for (String layout : LAYOUTS) {
      String bytes = largest < 10_000 ? "" : qemu.get(layout);
      add("memory per range, " + layout + size, "region, view, table",
          new Trial(Footprint.class, "range", 1, Map.of("topology", layout + size)), Optional.empty(),
          Unit.BYTES, bytes.isEmpty() ? Peer.NONE : new Peer(bytes, "QEMU"));
    }
    add("memory per space", "102 ranges of its own",
        new Trial(Footprint.class, "space", 1, Map.of("spaces", String.valueOf(Math.min(largest, 1_000)))),
        Optional.empty(), Unit.BYTES, new Peer("31424", "QEMU"));
  }

  private void add(
      String name, String isolates, Trial trial, Optional<Trial> base, Unit unit, Peer peer) {
    subjects.add(new Subject(name, isolates, trial, base, unit, peer));
  }
}
