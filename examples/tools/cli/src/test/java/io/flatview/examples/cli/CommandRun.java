package io.flatview.examples.cli;

import io.flatview.rcu.ReclaimPolicies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** What a run of the command left behind. Tests have every flavour on their class path, so one is chosen. */
public record CommandRun(int exitCode, String out, String err) {

  static {
    if (System.getProperty(ReclaimPolicies.PROPERTY) == null) {
      System.setProperty(ReclaimPolicies.PROPERTY, "epoch");
    }
  }

  public static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  public String lastLine() {
    return out.lines().toList().getLast();
  }
}
