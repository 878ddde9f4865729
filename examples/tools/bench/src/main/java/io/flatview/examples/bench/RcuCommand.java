package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.RcuPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench rcu}: the cost of reclamation. */
@Command(
    name = "rcu",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Sections, retirement, grace periods and virtual threads, beside what else the JDK offers.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class RcuCommand extends TableCommand {

  @Override
  String title() {
    return "Reclamation";
  }

  @Override
  List<Subject> subjects(Length length) {
    return RcuPlan.subjects(length);
  }

  @Override
  List<String> notes() {
    return List.of(
        "1T, 2T: threads. 1R, 2R: busy readers. 1P, 2P: producers. us: median / 99th percentile. Virtual: core time.",
        "ratio: to the plain volatile read of this run with as many threads; of latencies, to membarrier alone with",
        "as many readers; of short virtual threads, to counted reads. peer: liburcu 0.13 or 0.15, crossbeam-epoch 0.9,",
        "or C by hand, on an idle machine with 2 virtual CPUs; to peer: the result by that, of M/s more is better.",
        "Medians of forks.");
  }
}
