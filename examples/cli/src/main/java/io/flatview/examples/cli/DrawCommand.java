package io.flatview.examples.cli;

import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.memory.AddressSpace;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads one dump, builds its machine and draws it. */
@Command(
    name = "draw",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    description = {
      "Reads a dump of QEMU's 'info mtree' or a model file, builds the machine from regions, and draws its address"
          + " spaces: the levels of each tree, what hides what, and the flat view.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the machine was drawn", "1:the dump is bad", "2:the command line is wrong"})
final class DrawCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The dump.")
  private Path file;

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
        MachineHost host = MachineHost.open(file.toString(), MachineLoader.load(file), policy)) {
      draw(host, chosen(host));
    }
    return CommandLine.ExitCode.OK;
  }

  private List<AddressSpace> chosen(MachineHost host) {
    List<AddressSpace> all = host.machine().spaces();
    for (String name : names) {
      if (all.stream().noneMatch(space -> space.name().equals(name))) {
        throw new CommandLine.ParameterException(spec.commandLine(), "no address space is named '" + name
            + "'; there are: "
            + all.stream().map(AddressSpace::name).distinct().sorted().collect(Collectors.joining(", ")));
      }
    }
    return names.isEmpty() ? all : all.stream().filter(space -> names.contains(space.name())).toList();
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
      throw Problems.fatal(output.toString(), 0, "cannot be written: its folder does not exist");
    }
    try {
      Files.writeString(output, svg ? host.inspect().svg(spaces) : host.inspect().html(host.machine().name(), spaces));
    } catch (IOException e) {
      throw Problems.fatal(output.toString(), 0, "cannot be written: " + e);
    }
  }
}
