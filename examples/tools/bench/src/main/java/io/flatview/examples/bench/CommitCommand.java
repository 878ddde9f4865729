package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.CommitPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench commit}: the cost of changing a map. */
@Command(
    name = "commit",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "One small change in maps of many sizes, many address spaces, building from nothing, and memory.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class CommitCommand extends TableCommand {

  @Override
  String title() {
    return "Commits";
  }

  @Override
  List<Subject> subjects(Length length) {
    return CommitPlan.subjects(length);
  }

  @Override
  List<String> notes() {
    return List.of(
        "us and B/op: for a commit. ratio: to the smallest map of the layout, or to the line of 1 or 2 address spaces.",
        "load: beside the mean, the time that one load of 10,000 exceeds, in the worst iteration.",
        "peer: QEMU 7.2 on an idle machine with 2 virtual CPUs; to peer: the result by that. Medians of forks.");
  }
}
