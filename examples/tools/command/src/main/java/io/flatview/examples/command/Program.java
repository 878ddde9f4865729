package io.flatview.examples.command;

import picocli.CommandLine;

/** A program with a command line of its own. */
public final class Program {

  private Program() {}

  /**
   * The command line of a command, with failures in words.
   *
   * @param command annotated for picocli
   * @return ready to execute; not for several threads
   */
  public static CommandLine of(Object command) {
    return of(command, new Failures());
  }

  /**
   * The command line of a command with failures of its own.
   *
   * @param command annotated for picocli
   * @param failures how failures are put into words
   * @return ready to execute; not for several threads
   */
  public static CommandLine of(Object command, Failures failures) {
    return new CommandLine(command)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  /**
   * Executes a command line on the standard output and ends the process: with the command's status, or with 1 if that
   * is 0 and output was lost.
   *
   * @param line the command line to execute
   * @param arguments the arguments of the process
   */
  public static void run(CommandLine line, String... arguments) {
    StandardOutput out = new StandardOutput();
    int status = line.setOut(out.writer()).execute(arguments);
    System.exit(out.isWritten(System.err) || status != 0 ? status : CommandLine.ExitCode.SOFTWARE);
  }
}
