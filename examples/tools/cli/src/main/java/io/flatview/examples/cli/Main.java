package io.flatview.examples.cli;

import io.flatview.examples.cli.demo.DemoCommand;
import io.flatview.examples.cli.top.TopCommand;
import io.flatview.examples.vhost.VhostUserBlkCommand;
import io.flatview.examples.virt64.Virt64Command;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code flatview} command. */
@Command(
    name = "flatview",
    version = Main.VERSION,
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class, MtreeCommand.class, DrawCommand.class, CheckCommand.class, Virt64Command.class,
      VhostUserBlkCommand.class, TopCommand.class
    },
    description = "Memory maps of emulated machines: see one at work, read and draw QEMU's dumps, compare with QEMU,"
        + " boot a board, serve a disk to a machine of QEMU's.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something failed: a dump is bad, a comparison differs, a rule was broken",
      "2:the command line is wrong, or a file that it names cannot be had"
    },
    footer = {
      "", "'flatview COMMAND --help' tells more about a command.",
      "'flatview bench rcu' measures what reclamation costs on this machine; 'flatview bench --help' tells more.",
      "'flatview debate' races the idioms by which a reader may get a map, and writes a page on it."
    })
public final class Main implements Runnable {

  static final String VERSION = "flatview 0.1.0";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Parameters(hidden = true, arity = "0..*")
  private List<String> words = List.of();

  /**
   * Runs the command and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    StandardOutput out = new StandardOutput();
    int status = commandLine().setOut(out.writer()).execute(arguments);
    System.exit(out.isWritten(System.err) || status != 0 ? status : CommandLine.ExitCode.SOFTWARE);
  }

  /**
   * The command, for callers that want to keep the process.
   *
   * @return ready to execute; not for several threads
   */
  public static CommandLine commandLine() {
    Failures failures = new Failures();
    return new CommandLine(new Main())
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), (words.isEmpty() ? "name" : "there is no command '" + words.getFirst() + "'; name")
            + " one of demo, mtree, draw, check, virt64, vhost-user-blk, top, bench and debate");
  }
}
