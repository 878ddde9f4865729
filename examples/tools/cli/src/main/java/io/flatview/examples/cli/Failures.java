package io.flatview.examples.cli;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.UnreadableException;
import io.flatview.examples.cli.qmp.MonitorException;
import io.flatview.memory.MapException;
import io.flatview.memory.PrintableText;
import io.flatview.rcu.ReclaimDiscoveryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells people what went wrong in words: never as a stack trace, nor in front of a page of help. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    command.getErr().println("flatview: " + PrintableText.of(firstLine(mistake.getMessage())));
    UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
    command.getErr().println("'" + command.getCommandSpec().qualifiedName() + " --help' tells more.");
    command.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getErr().println(describe(failure));
    command.getErr().flush();
    return failure instanceof UnreadableException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static String describe(Exception failure) {
    return switch (failure) {
      case DumpException dump -> dump.getMessage();
      case MapException map -> "flatview: the map cannot be rendered: " + map.getMessage();
      case ReclaimDiscoveryException discovery -> "flatview: " + discovery.getMessage();
      case MonitorException monitor -> "flatview: " + monitor.getMessage();
      default -> "flatview: unexpected failure, please report it: " + failure;
    };
  }
}
