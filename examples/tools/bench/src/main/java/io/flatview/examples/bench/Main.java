package io.flatview.examples.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code flatview bench} command. */
@Command(
    name = "flatview bench",
    mixinStandardHelpOptions = true,
    version = "flatview 0.1.0",
    subcommands = {
        TranslateCommand.class, BusCommand.class, CommitCommand.class, BanksCommand.class, TapsCommand.class,
        IommuCommand.class, RcuCommand.class, MappedCommand.class},
    description = "Measures, and prints one table for each command; for all of them without one.",
    synopsisSubcommandLabel = "[COMMAND]")
public final class Main implements Callable<Integer> {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * Runs the command and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command; a mistake in a command line is told in words, without a page of help. */
  static CommandLine commandLine() {
    return new CommandLine(new Main()).setUsageHelpAutoWidth(true).setParameterExceptionHandler(Main::mistake);
  }

  private static int mistake(CommandLine.ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    command.getErr().println("flatview bench: " + mistake.getMessage().lines().findFirst().orElse(""));
    command.getErr().println("'" + command.getCommandSpec().qualifiedName() + " --help' tells more.");
    command.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public Integer call() {
    int worst = 0;
    for (CommandLine command : spec.subcommands().values()) {
      worst = Math.max(worst, command.execute());
    }
    return worst;
  }
}
