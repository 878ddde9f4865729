package io.flatview.examples.cli;

import io.flatview.examples.cli.demo.DemoCommand;
import io.flatview.examples.cli.top.TopCommand;
import io.flatview.examples.command.Program;
import io.flatview.examples.command.Version;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code flatview} command. */
@Command(
    name = "flatview",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class, MtreeCommand.class, DrawCommand.class, CheckCommand.class, TopCommand.class
    },
    description = "Memory maps of emulated machines: see one at work, read and draw QEMU's dumps, compare with"
        + " QEMU.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something failed: a dump is bad, a comparison differs, a rule was broken",
      "2:the command line is wrong, or a file that it names cannot be had"
    },
    footer = {
      "", "'flatview COMMAND --help' tells more about a command.",
      "", "Programs of their own, which tell more with --help:",
      "  flatview virt64          boots a RISC-V board, also while its map changes",
      "  flatview vhost-user-blk  serves a disk to a virtual machine of QEMU's",
      "  flatview bench           measures what maps and reclamation cost on this machine",
      "  flatview debate          races the idioms by which a reader may get a map, and writes a page on it"
    })
public final class Main implements Runnable {

  /** Those that the launcher starts. */
  static final List<String> PROGRAMS = List.of("virt64", "vhost-user-blk", "bench", "debate");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Parameters(hidden = true, arity = "0..*")
  private List<String> words = List.of();

  /**
   * Runs the command and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Program.run(commandLine(), arguments);
  }

  /**
   * The command, for callers that want to keep the process.
   *
   * @return ready to execute; not for several threads
   */
  public static CommandLine commandLine() {
    return Program.of(new Main(), new MapFailures());
  }

  @Override
  public void run() {
    List<String> names = new ArrayList<>(spec.subcommands().keySet());
    names.addAll(PROGRAMS);
    String last = names.removeLast();
    throw new CommandLine.ParameterException(
        spec.commandLine(), (words.isEmpty() ? "name" : "there is no command '" + words.getFirst() + "'; name")
            + " one of " + String.join(", ", names) + " and " + last);
  }
}
