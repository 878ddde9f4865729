package io.flatview.examples.cli;

import io.flatview.examples.cli.capture.Excerpts;
import io.flatview.examples.cli.capture.HowTo;
import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Effort;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.LoadedMachine;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.examples.cli.qmp.QemuMonitor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options by which a command gets a captured map. */
final class CaptureInput {

  private static final String STANDARD_INPUT = "-";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The map, as it was logged, pasted or mailed; - reads standard input.")
  private String file;

  @Option(
      names = "--qmp",
      paramLabel = "SOCKET",
      description = "Ask a running QEMU instead, through its QMP socket: a path, or HOST:PORT.")
  private String socket;

  @Option(
      names = "--strict",
      description = "Refuse a map that lacks something or had to be repaired, instead of telling so.")
  private boolean strict;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "" + Effort.DEFAULT,
      description = "How many regions aliases of aliases may show in a view. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The name of the map, for messages. */
  String name() {
    return socket != null ? socket : STANDARD_INPUT.equals(file) ? "standard input" : file;
  }

  /** Reads the map that the command line names. */
  LoadedMachine read() {
    if ((file == null) == (socket == null)) {
      throw new CommandLine.ParameterException(spec.commandLine(),
          file == null ? "name a FILE, - for standard input, or --qmp SOCKET" : "give either FILE or --qmp, not both");
    }
    return read(name(), socket != null ? QemuMonitor.map(socket, PATIENCE).getBytes(StandardCharsets.UTF_8) : bytes());
  }

  /** Reads another map, in the same way. */
  LoadedMachine read(Path other) {
    return read(other.toString(), DumpText.bytes(other));
  }

  private byte[] bytes() {
    try {
      return STANDARD_INPUT.equals(file) ? DumpText.bytes(name(), System.in) : DumpText.bytes(Path.of(file));
    } catch (IOException e) {
      throw Problems.unreadable(name(), "cannot be read: " + e.getMessage());
    }
  }

  private LoadedMachine read(String source, byte[] bytes) {
    Effort.limit(limit);
    Notes notes = new Notes();
    LoadedMachine machine;
    try {
      machine = MachineLoader.read(source, bytes, notes);
    } catch (DumpException e) {
      tell(source, notes);
      throw isText(e) ? Excerpts.in(source, bytes, e) : e;
    }
    if (strict && !notes.isEmpty()) {
      throw Excerpts.in(source, bytes, new DumpException(notes.of(source)));
    }
    tell(source, notes);
    return machine;
  }

  private static boolean isText(DumpException failure) {
    return failure.problems().stream().noneMatch(problem -> problem.message().contains(HowTo.SHORT));
  }

  private void tell(String source, Notes notes) {
    PrintWriter err = spec.commandLine().getErr();
    notes.of(source).forEach(note -> err.println(note.as("note")));
    err.flush();
  }
}
