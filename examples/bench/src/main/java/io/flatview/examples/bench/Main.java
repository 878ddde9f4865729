package io.flatview.examples.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code flatview bench} command. */
@Command(
    name = "flatview bench",
    mixinStandardHelpOptions = true,
    version = "flatview 0.1.0",
    subcommands = {RcuCommand.class, CommitCommand.class},
    description = "Measures, and prints one table.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * Runs the command and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "name a command: rcu or commit");
  }
}
