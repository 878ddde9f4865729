package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.TapsPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench taps}: the cost of taps where they look, and elsewhere. */
@Command(
    name = "taps",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Loads of RAM that taps watch, beside them and far from them, and taps that come and go.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class TapsCommand extends TableCommand {

  @Override
  List<Subject> subjects(Length length) {
    return TapsPlan.subjects();
  }

  @Override
  String title() {
    return "Taps on 64 MiB of RAM";
  }

  @Override
  List<String> notes() {
    return List.of(
        "ratio: of loads, to the load without a tap; of changes, to those of a tap that is alone. Medians of forks.");
  }
}
