package io.flatview.examples.cli;

import io.flatview.examples.cli.check.DumpCheck;
import io.flatview.examples.cli.check.DumpFinder;
import io.flatview.examples.cli.check.Outcome;
import io.flatview.examples.cli.check.PageTableComparison;
import io.flatview.examples.command.Version;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine;

/** Compares our rendering of many dumps with QEMU's. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Builds the machine of each dump from regions, renders it, and compares every address space with QEMU's own flat"
          + " view: ranges, types, offsets, names and priorities.",
      "",
      "A dump is a NAME.model.txt, or a NAME.mtree.txt with its NAME.flat.txt, or all three. Prints a line for each"
          + " mismatch, and at the end 'N passed, N failed', counted in dumps.",
      "",
      "Where NAME.dispatch.txt is there too, the sizes of QEMU's page tables and of ours are compared. A difference in"
          + " size is no failure.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything agrees",
      "1:something differs, or a dump is bad",
      "2:the command line is wrong, or a file that it names cannot be had"
    })
final class CheckCommand implements Callable<Integer> {

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Dumps, and folders that hold dumps at any depth.")
  private List<Path> paths;

  @Option(names = "--dispatch", description = "Print a line for each page table that was compared.")
  private boolean dispatch;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private int passed;
  private int failed;
  private int equalTables;
  private int otherTables;

  @Override
  public Integer call() {
    DumpFinder.Findings findings = DumpFinder.find(paths);
    PrintWriter out = spec.commandLine().getOut();
    findings.problems().forEach(out::println);
    failed = findings.problems().size();
    try (ReclaimPolicy policy = ReclaimPolicies.discover()) {
      findings.dumps().forEach(dump -> report(DumpCheck.run(dump, policy), out));
    }
    if (equalTables + otherTables > 0) {
      out.println("page tables: " + equalTables + " as large as QEMU's, " + otherTables + " different");
    }
    out.println(passed + " passed, " + failed + " failed");
    out.flush();
    return !findings.allThere() ? CommandLine.ExitCode.USAGE
        : failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void report(Outcome outcome, PrintWriter out) {
    outcome.faults().forEach(out::println);
    outcome.pageTables().forEach(comparison -> count(outcome.dump(), comparison, out));
    passed += outcome.passed() ? 1 : 0;
    failed += outcome.passed() ? 0 : 1;
  }

  private void count(String dump, PageTableComparison comparison, PrintWriter out) {
    equalTables += comparison.isEqual() ? 1 : 0;
    otherTables += comparison.isEqual() ? 0 : 1;
    if (dispatch) {
      out.println(dump + ": " + comparison);
    }
  }
}
