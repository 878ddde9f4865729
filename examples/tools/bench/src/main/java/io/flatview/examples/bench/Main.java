package io.flatview.examples.bench;

import io.flatview.examples.command.Program;
import io.flatview.examples.command.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine;

/** The {@code flatview bench} command. */
@Command(
    name = "flatview bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
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
    Program.run(commandLine(), arguments);
  }

  static CommandLine commandLine() {
    return Program.of(new Main());
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
