package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.RcuPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench rcu}: what reclamation costs. */
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
}
