package io.flatview.examples.cli;

import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.command.Version;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.PrintableText;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine;

/** Reads one dump, builds its machine and draws it. */
@Command(
    name = "draw",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Reads a map of QEMU's 'info mtree' (tree or views, as 'flatview mtree' does) or a model file, builds"
          + " the machine from regions, and draws its address"
          + " spaces: the levels of each tree, what hides what, and the flat view.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the machine was drawn",
      "1:the map is bad, or shows nothing that could be drawn",
      "2:the command line is wrong, or a file that it names cannot be had"
    })
final class DrawCommand implements Callable<Integer> {

  @Mixin private CaptureInput input;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PICTURE",
      description = "Where to write; an SVG document if the name ends with .svg, else a page of HTML. Without it SVG is"
          + " printed.")
  private Path output;

  @Option(
      names = "--space",
      paramLabel = "NAME",
      description = "Draw only the address spaces of this name. May be given several times.")
  private List<String> names = List.of();

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    try (ReclaimPolicy policy = ReclaimPolicies.discover();
        MachineHost host = MachineHost.open(input.name(), input.read().description(), policy)) {
      draw(host, visible(chosen(host)));
    }
    return CommandLine.ExitCode.OK;
  }

  private List<AddressSpace> chosen(MachineHost host) {
    List<AddressSpace> all = host.machine().spaces();
    for (String name : names) {
      if (all.stream().noneMatch(space -> space.name().equals(name))) {
        throw new CommandLine.ParameterException(spec.commandLine(), "no address space is named '"
            + PrintableText.of(name) + "'; there are: " + PrintableText.of(
                all.stream().map(AddressSpace::name).distinct().sorted().collect(Collectors.joining(", "))));
      }
    }
    return names.isEmpty() ? all : all.stream().filter(space -> names.contains(space.name())).toList();
  }

  /** Those that show something; the others are named, and it is an error if there are none. */
  private List<AddressSpace> visible(List<AddressSpace> chosen) {
    List<AddressSpace> visible = chosen.stream().filter(space -> !space.flatView().sections().isEmpty()).toList();
    if (visible.isEmpty()) {
      throw Problems.fatal(input.name(), 0, "there is nothing to draw: nothing is mapped in "
          + chosen.stream().map(space -> "'" + space.name() + "'").distinct().collect(Collectors.joining(", ")));
    }
    if (!names.isEmpty() && visible.size() < chosen.size()) {
      spec.commandLine().getErr().println("flatview: nothing is mapped in some of the spaces; they are left out");
    }
    return visible;
  }

  private void draw(MachineHost host, List<AddressSpace> spaces) {
    if (output == null) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(host.inspect().svg(spaces));
      out.flush();
      return;
    }
    boolean svg = output.getFileName().toString().endsWith(".svg");
    if (!Files.isDirectory(output.toAbsolutePath().getParent())) {
      throw Problems.unreadable(output.toString(), "cannot be written: its folder does not exist");
    }
    try {
      Files.writeString(output, svg ? host.inspect().svg(spaces) : host.inspect().html(host.machine().name(), spaces));
    } catch (IOException e) {
      throw Problems.unreadable(output.toString(), "cannot be written: " + e);
    }
  }
}
