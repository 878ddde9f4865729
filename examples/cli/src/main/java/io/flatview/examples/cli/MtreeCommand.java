package io.flatview.examples.cli;

import io.flatview.examples.cli.explain.ExplanationPrinter;
import io.flatview.examples.cli.flat.FlatPrinter;
import io.flatview.examples.cli.json.MachineJson;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.examples.cli.mtree.MtreePrinter;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads one dump, builds its machine and prints it. */
@Command(
    name = "mtree",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Reads a dump of QEMU's 'info mtree' (with or without -o and -D) or a model file, builds the machine from"
          + " regions, and prints its tree as QEMU does.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the machine was printed", "1:the dump is bad", "2:the command line is wrong"},
    footerHeading = "%nMembers of the JSON document; addresses are texts, regions are named by id:%n",
    footer = {
      "  machine        name, pageSize",
      "  addressSpaces  name, root",
      "  regions        id, name, kind, type, size, enabled, readOnly, nonVolatile,",
      "                 owner, parent, offset, priority, children, target,",
      "                 targetOffset",
      "  views          addressSpaces, root, ranges: first, last, type, name,",
      "                 region, offset, priority (with --flat)",
      "  explanations   addressSpace, address, candidates: region, name, path,",
      "                 offset, verdict; answer: a range or null (with --explain)"
    })
final class MtreeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The dump.")
  private Path file;

  @Option(names = "--flat", description = "Print the flat views too, as 'info mtree -f' does.")
  private boolean flat;

  @Option(names = "--json", description = "Print JSON, for other programs.")
  private boolean json;

  @Option(
      names = "--explain",
      paramLabel = "ADDRESS",
      converter = AddressConverter.class,
      description = "Print instead, for each address space, which regions were considered at this address (hexadecimal,"
          + " with or without 0x), which one won, and why.")
  private Long explained;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    MachineDescription description = MachineLoader.load(file);
    try (ReclaimPolicy policy = ReclaimPolicies.discover();
        MachineHost host = MachineHost.open(file.toString(), description, policy)) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(json ? document(host.machine()) : text(host.machine()));
      out.flush();
    }
    return CommandLine.ExitCode.OK;
  }

  private String text(Machine machine) {
    String views = flat ? FlatPrinter.print(machine) : "";
    return (explained == null ? MtreePrinter.print(machine) : ExplanationPrinter.print(machine, explained)) + views;
  }

  private String document(Machine machine) {
    MachineJson document = new MachineJson(machine);
    if (flat) {
      document.withViews();
    }
    if (explained != null) {
      document.withExplanations(explained);
    }
    return document.write();
  }
}
