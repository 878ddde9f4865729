package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.bus.BusKind;
import io.flatview.examples.bench.bus.BusPrograms;
import io.flatview.examples.bench.bus.Program;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that {@code bench bus} measures, in the order of the table. */
public final class BusPlan {

  private BusPlan() {}

  /**
   * The plan.
   *
   * @return its lines
   */
  public static List<Subject> subjects() {
    return Arrays.stream(Program.values())
        .flatMap(program -> Stream.of(BusKind.values()).map(kind -> subject(program, kind)))
        .toList();
  }

  private static Subject subject(Program program, BusKind kind) {
    return new Subject(
        program.text() + ": " + kind.text(),
        program.isolates(),
        trial(program, kind),
        Optional.of(trial(program, BusKind.SORTED_ARRAY)),
        Unit.NANOS,
        Peer.NONE);
  }

  private static Trial trial(Program program, BusKind kind) {
    return new Trial(BusPrograms.class, "run", 1, Map.of("program", program.name(), "bus", kind.name()));
  }
}
