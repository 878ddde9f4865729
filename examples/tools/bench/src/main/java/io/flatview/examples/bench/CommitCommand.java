package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.CommitPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench commit}: what changing a map costs. */
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
}
