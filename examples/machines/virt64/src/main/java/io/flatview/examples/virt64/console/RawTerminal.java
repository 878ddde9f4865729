package io.flatview.examples.virt64.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Hands single keys to the guest, which echoes them itself: the terminal waits for no line while this is open. Keys
 * that send signals go on doing so. Where there is no {@code stty}, nothing changes.
 */
public final class RawTerminal implements AutoCloseable {

  private final String saved;

  private RawTerminal(String saved) {
    this.saved = saved;
  }

  /**
   * Changes the terminal of the process.
   *
   * @return puts it back when closed
   */
  public static RawTerminal open() {
    String saved = stty("-g");
    if (!saved.isEmpty()) {
      stty("-icanon", "-echo", "min", "1");
    }
    return new RawTerminal(saved);
  }

  private static String stty(String... arguments) {
    List<String> command = List.of("sh", "-c", "stty " + String.join(" ", arguments) + " </dev/tty 2>/dev/null");
    try {
      Process process = new ProcessBuilder(command).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException _) {
      return "";
    }
  }

  @Override
  public void close() {
    if (!saved.isEmpty()) {
      stty(saved);
    }
  }
}
