package io.flatview.examples.virt64;

import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.load.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.ExitCode;

/** The meaning of a run's end for the process: its exit code, and its message. */
final class Verdict {

  private static final int LARGEST = 255;

  private Verdict() {}

  /**
   * The exit code of a run that met no other trouble.
   *
   * @param end how it ended
   * @return 0 to 255
   */
  static int exitCode(PowerSwitch.End end) {
    boolean small = Long.compareUnsigned(end.status(), LARGEST) <= 0;
    return switch (end.reason()) {
      case SEEN, RESET -> ExitCode.OK;
      case OFF -> small ? (int) end.status() : LARGEST;
      case TIME_LIMIT, STOPPED, CONSOLE_LOST, FAILURE -> ExitCode.SOFTWARE;
    };
  }

  /**
   * Says what went wrong, if anything did, and where the harts were.
   *
   * @param end how the run ended
   * @param test the program that reports through {@code tohost}, or null
   * @param whereabouts a line for each hart
   * @param lines takes what is printed
   */
  static void explain(PowerSwitch.End end, Program test, List<String> whereabouts, Consumer<String> lines) {
    if (exitCode(end) == ExitCode.OK) {
      return;
    }
    lines.accept("virt64: " + reason(end, test));
    whereabouts.forEach(line -> lines.accept("virt64: " + line));
  }

  private static String reason(PowerSwitch.End end, Program test) {
    return switch (end.reason()) {
      case SEEN, RESET -> "all is well";
      case OFF -> status(end, test);
      case TIME_LIMIT -> "the time was up before the guest ended";
      case STOPPED -> "stopped from outside";
      case CONSOLE_LOST -> "the console cannot be printed: " + end.failure().getMessage();
      case FAILURE -> "the machine failed: " + trace(end.failure());
    };
  }

  private static String status(PowerSwitch.End end, Program test) {
    String number = Long.toUnsignedString(end.status());
    String said = test == null
        ? "the guest switched itself off with status " + number
        : "the test " + test.name() + " failed with " + number + ", in riscv-tests the number of a case";
    return Long.compareUnsigned(end.status(), LARGEST) > 0 ? said + "; the exit code is " + LARGEST : said;
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString().strip();
  }
}
