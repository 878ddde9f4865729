package io.flatview.examples.bench;

import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.run.TrialRunner;
import io.flatview.examples.bench.table.ResultTable;
import io.flatview.examples.bench.table.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that measures what a plan says, and prints one table. */
abstract class TableCommand implements Callable<Integer> {

  @Option(names = "--quick", description = "For the shape only: one fork, short iterations; under three minutes.")
  private boolean quick;

  @Option(names = "--smoke", hidden = true, description = "Runs everything once, in this process.")
  private boolean smoke;

  @Option(names = "--list", description = "Names what there is to measure, and measures nothing.")
  private boolean list;

  @Option(names = "--filter", paramLabel = "REGEX", defaultValue = "", description = "Only lines with a match in"
      + " their name.")
  private Pattern filter;

  @Option(names = "--out", paramLabel = "FILE", description = "Writes the table as Markdown, too.")
  private Path out;

  @Option(names = "--jvm", paramLabel = "FLAG", description = "One more flag for the forks, such as -XX:+UseG1GC."
      + " May be repeated.")
  private List<String> flags = List.of();

  @Spec private CommandSpec spec;

  /** The subject of the table. */
  abstract String title();

  /** The meaning of the columns; the base of ratios above all. */
  abstract List<String> notes();

  /** The benchmarks, in the order of the table. */
  abstract List<Subject> subjects(Length length);

  @Override
  public final Integer call() throws IOException {
    List<Subject> subjects = chosen();
    return list ? print(subjects.stream().map(Subject::name).toList()) : measure(subjects);
  }

  private List<Subject> chosen() {
    List<Subject> chosen =
        subjects(length()).stream().filter(subject -> filter.matcher(subject.name()).find()).toList();
    if (chosen.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "nothing matches " + filter + "; --list names what there is");
    }
    return chosen;
  }

  private int measure(List<Subject> subjects) throws IOException {
    List<String> head = Host.lines(title(), length(), flags);
    Campaign campaign = new Campaign(subjects, new TrialRunner(length(), flags), spec.commandLine().getErr());
    ResultTable table = new ResultTable(head, campaign.rows(), notes());
    print(table.text());
    if (out != null) {
      Files.write(out, table.markdown());
    }
    return campaign.failures() == 0 ? 0 : 1;
  }

  private Length length() {
    return smoke ? Length.SMOKE : quick ? Length.QUICK : Length.FULL;
  }

  private int print(List<String> lines) {
    lines.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
