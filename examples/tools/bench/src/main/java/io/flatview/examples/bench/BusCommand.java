package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.BusPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench bus}: the cost of a map in an emulator's loop. */
@Command(
    name = "bus",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "A small interpreter on a memory system, and on buses as emulator authors write them.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class BusCommand extends TableCommand {

  @Override
  List<Subject> subjects(Length length) {
    return BusPlan.subjects();
  }

  @Override
  String title() {
    return "A bus under an interpreter";
  }

  @Override
  List<String> notes() {
    return List.of(
        "ns: for an instruction; TLB hits show what the interpreter itself takes. ratio: to the sorted array here.",
        "Each process has used all five buses with all programs, so that every call has several targets. A batch: 64",
        "instructions. Every sum is compared with that of the sorted array. Medians of forks.");
  }
}
