package io.flatview.examples.cli;

import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.UnreadableException;
import io.flatview.examples.cli.qmp.MonitorException;
import io.flatview.examples.command.Failures;
import io.flatview.memory.MapException;
import picocli.CommandLine;

/** Words for dumps that are bad, maps that cannot be, and monitors that do not answer. */
final class MapFailures extends Failures {

  @Override
  protected String describe(Exception failure) {
    return switch (failure) {
      case DumpException dump -> dump.getMessage();
      case MapException map -> "flatview: the map cannot be rendered: " + map.getMessage();
      case MonitorException monitor -> "flatview: " + monitor.getMessage();
      default -> super.describe(failure);
    };
  }

  @Override
  protected int exitCode(Exception failure) {
    return failure instanceof UnreadableException ? CommandLine.ExitCode.USAGE : super.exitCode(failure);
  }
}
