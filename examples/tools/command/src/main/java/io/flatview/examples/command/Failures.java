package io.flatview.examples.command;

import io.flatview.memory.PrintableText;
import io.flatview.rcu.ReclaimDiscoveryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts into words what went wrong: never as a stack trace, nor in front of a page of help. */
public class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  /** For commands whose failures need no words of their own. */
  public Failures() {}

  /** Two lines: the mistake, and where to read on. */
  @Override
  public final int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    command.getErr().println(name(command) + ": " + PrintableText.of(firstLine(mistake.getMessage())));
    UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
    command.getErr().println("'" + command.getCommandSpec().qualifiedName() + " --help' tells more.");
    command.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public final int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getErr().println(describe(failure));
    command.getErr().flush();
    return exitCode(failure);
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().root().name();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  /**
   * Puts a failure into words.
   *
   * @param failure the exception of a command
   * @return the text for the user
   */
  protected String describe(Exception failure) {
    return failure instanceof ReclaimDiscoveryException
        ? "flatview: " + failure.getMessage() : "flatview: unexpected failure, please report it: " + failure;
  }

  /**
   * Chooses the status of a failure.
   *
   * @param failure the exception of a command
   * @return the exit code: by default 1
   */
  protected int exitCode(Exception failure) {
    return CommandLine.ExitCode.SOFTWARE;
  }
}
