package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.BanksPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench banks}: the cost of a part of the map that switches. */
@Command(
    name = "banks",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Banks that switch, beside arrays, an address space for each choice, and commits.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class BanksCommand extends TableCommand {

  @Override
  List<Subject> subjects(Length length) {
    return BanksPlan.subjects();
  }

  @Override
  String title() {
    return "Switching banks";
  }

  @Override
  List<String> notes() {
    return List.of(
        "ns: for a selection and its loads. ratio: to the arrays of this run, which are what emulators do.",
        "Medians of forks.");
  }
}
