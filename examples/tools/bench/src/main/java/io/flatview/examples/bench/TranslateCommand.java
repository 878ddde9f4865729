package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.TranslatePlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench translate}: the cost of the read side of a map. */
@Command(
    name = "translate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Translation, loads and stores on QEMU's maps and address streams, each verified by its checksum,"
        + " beside what a Java user would write.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class TranslateCommand extends TableCommand {

  @Override
  String title() {
    return "Translation";
  }

  @Override
  List<Subject> subjects(Length length) {
    return TranslatePlan.subjects();
  }

  @Override
  List<String> notes() {
    return List.of(
        "peer: QEMU 7.2 on an idle machine with 2 virtual CPUs; to peer: the result by that. ratio: of two readers",
        "(2T) to one of this run, both with a writer for 2T+W, where QEMU's two are 1.7 to 3.2 times slower each;",
        "of other maps, to a translation of this run. each: a section around each operation. Medians of forks.");
  }
}
