package io.flatview.examples.cli;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.memory.MapException;
import io.flatview.rcu.ReclaimDiscoveryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells people what went wrong in words, never as a stack trace. */
final class Failures implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getErr().println(describe(failure));
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String describe(Exception failure) {
    return switch (failure) {
      case DumpException dump -> dump.getMessage();
      case MapException map -> "flatview: the map cannot be rendered: " + map.getMessage();
      case ReclaimDiscoveryException discovery -> "flatview: " + discovery.getMessage();
      default -> "flatview: unexpected failure, please report it: " + failure;
    };
  }
}
