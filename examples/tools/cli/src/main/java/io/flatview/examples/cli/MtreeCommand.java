package io.flatview.examples.cli;

import io.flatview.examples.cli.diff.MachineDiff;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.Labels;
import io.flatview.examples.cli.machine.LoadedMachine;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.pagetable.DispatchText;
import io.flatview.examples.command.Version;
import io.flatview.memory.Explanation;
import io.flatview.memory.MapInspector;
import io.flatview.memory.MtreeOption;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine;

/** Reads one dump, builds its machine and prints it. */
@Command(
    name = "mtree",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Reads a map of QEMU's 'info mtree' (best with -o -D; -f works too) or a model file, builds the machine from"
          + " regions, and prints its tree as QEMU does.",
      "",
      "The map is read as people log, paste and mail it: with prompts and prose around, quoted, wrapped, in colour, as"
          + " HTML, in a mail, in a diff, with time stamps, from QEMU 1.x on. Missing and repaired parts are reported"
          + " on standard error with their lines; --strict refuses instead.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the machine was printed, or --diff found no difference",
      "1:the map is bad, or --diff found a difference",
      "2:the command line is wrong, or a file that it names cannot be had"
    },
    footerHeading = "%nHow to capture a map:%n",
    footer = {
      "  through a pipe:",
      "    (echo info mtree -o -D; sleep 1; echo quit) | qemu-system-... -S -monitor stdio > FILE",
      "  from a monitor on a socket, -monitor unix:mon.sock,server=on,wait=off:",
      "    (echo info mtree -o -D; sleep 1) | socat - unix-connect:mon.sock > FILE",
      "  from QMP, -qmp unix:qmp.sock,server=on,wait=off:",
      "    flatview mtree --qmp qmp.sock",
      "  from libvirt:",
      "    virsh qemu-monitor-command --hmp DOMAIN 'info mtree -o -D' > FILE",
      "",
      "JSON documents:",
      "The documentation of io.flatview.memory.MapInspector lists their members. Addresses are texts, regions"
        + " are named by id. With --explain and --diff there is one document for each address space."
    })
final class MtreeCommand implements Callable<Integer> {

  @Mixin private CaptureInput input;

  @Option(names = {"-f", "--flat"}, description = "Print the flat views too, as 'info mtree -f' does.")
  private boolean flat;

  @Option(
      names = {"-d", "--dispatch"},
      description = "Print the flat views and their page tables too, as 'info mtree -f -d' does.")
  private boolean dispatch;

  @Option(
      names = {"-o", "--owner"},
      description = "Mark every region with its owner, as 'info mtree -o' does. Owners that the dump has are printed"
          + " anyway; a region without is an orphan.")
  private boolean owner;

  @Option(names = "--json", description = "Print JSON, for other programs.")
  private boolean json;

  @ArgGroup private Question question;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private boolean hasTree;

  /** The text that is printed instead of the machine. */
  private static final class Question {
    @Option(
        names = "--explain",
        paramLabel = "ADDRESS",
        converter = AddressConverter.class,
        description = "Print instead, for each address space, which regions were considered at this address"
            + " (hexadecimal, with or without 0x), which one won, and why.")
    private Long address;

    @Option(
        names = "--diff",
        paramLabel = "OTHER",
        description = "Print instead how the flat views of FILE differ from those of another dump, to which they lead;"
            + " the exit code tells whether they do.")
    private Path other;
  }

  @Override
  public Integer call() {
    try (ReclaimPolicy policy = ReclaimPolicies.discover();
        MachineHost host = host(policy)) {
      if (question != null && question.other != null) {
        return differs(host, policy) ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
      }
      print(question == null ? machine(host) : explanation(host, question.address));
    }
    return CommandLine.ExitCode.OK;
  }

  private boolean differs(MachineHost host, ReclaimPolicy policy) {
    try (MachineHost other =
        MachineHost.open(question.other.toString(), input.read(question.other).description(), policy)) {
      MachineDiff diff = MachineDiff.between(host, other);
      print(json ? diff.json() : diff.text());
      return !diff.isEmpty();
    }
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private MachineHost host(ReclaimPolicy policy) {
    LoadedMachine machine = input.read();
    hasTree = machine.hasTree();
    if (!hasTree && !flat && !dispatch && !json && question == null) {
      throw Problems.fatal(input.name(), 0, "holds flat views ('info mtree -f'), which do not tell the tree;"
          + " --flat, --explain, --json, --diff and 'flatview draw' work on them, and the tree needs 'info mtree'");
    }
    return MachineHost.open(input.name(), machine.description(), policy);
  }

  private String machine(MachineHost host) {
    MapInspector inspector = host.inspect();
    if (json) {
      return inspector.json();
    }
    Set<MtreeOption> chosen = EnumSet.of(MtreeOption.DISABLED);
    if (owner || Labels.of(host.machine()).haveOwners()) {
      chosen.add(MtreeOption.OWNER);
    }
    MtreeOption[] options = chosen.toArray(MtreeOption[]::new);
    return (hasTree ? inspector.tree(options) : "") + (flat || dispatch ? views(host, options) : "");
  }

  private String views(MachineHost host, MtreeOption[] options) {
    String views = host.inspect().flatViews(options);
    return dispatch ? DispatchText.below(views, host.machine().spaces(), host.machine().pageSize()) : views;
  }

  private String explanation(MachineHost host, long address) {
    MapInspector inspector = host.inspect();
    Stream<Explanation> explanations = host.machine().spaces().stream().map(space -> space.explain(address));
    return json
        ? explanations.map(inspector::json).collect(Collectors.joining())
        : together(explanations.map(inspector::text).toList());
  }

  /** Address spaces of which the same is to be said come together: their headings, and then that once. */
  private static String together(List<String> explanations) {
    Map<String, String> headings = new LinkedHashMap<>();
    for (String explanation : explanations) {
      int body = explanation.indexOf('\n') + 1;
      headings.merge(explanation.substring(body), explanation.substring(0, body), String::concat);
    }
    return headings.entrySet().stream()
        .map(said -> said.getValue() + said.getKey())
        .collect(Collectors.joining());
  }
}
