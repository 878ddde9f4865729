package io.flatview.examples.virt64.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Prints what the guest sends, and watches for a text in it.
 *
 * <p>Harts put bytes into a queue and never wait for the stream; one thread takes them out. Carriage returns before a
 * line feed are dropped.
 */
public final class ConsoleOutput implements AutoCloseable {

  private static final int END = -1;

  private final OutputStream stream;
  private final byte[] expected;
  private final Runnable seen;
  private final BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("console output").daemon().unstarted(this::print);

  /** How much of the expected text the end of the output is. */
  private int matched;

  private boolean carriageReturn;

  /**
   * Starts to print.
   *
   * @param stream where to
   * @param expected a text to watch for, or null
   * @param seen called once when it was printed, in the printing thread
   */
  public ConsoleOutput(OutputStream stream, String expected, Runnable seen) {
    this.stream = stream;
    this.expected = expected == null ? new byte[0] : expected.getBytes(StandardCharsets.UTF_8);
    this.seen = seen;
    thread.start();
  }

  /**
   * Prints a byte. Any thread may call this; it does not wait.
   *
   * @param value the byte, 0 to 255
   */
  public void accept(int value) {
    queue.add(value);
  }

  private void print() {
    try {
      for (int value = queue.take(); value != END; value = queue.take()) {
        write(value);
        if (queue.isEmpty()) {
          stream.flush();
        }
      }
      stream.flush();
    } catch (InterruptedException | IOException e) {
      queue.clear();
    }
  }

  private void write(int value) throws IOException {
    if (carriageReturn && value != '\n') {
      stream.write('\r');
    }
    carriageReturn = value == '\r';
    if (!carriageReturn) {
      stream.write(value);
      match((byte) value);
    }
  }

  private void match(byte value) {
    if (matched == expected.length) {
      return;
    }
    while (matched > 0 && expected[matched] != value) {
      matched = border(matched);
    }
    if (expected[matched] == value && ++matched == expected.length) {
      seen.run();
    }
  }

  /** The longest proper beginning of the first {@code length} bytes that is also their end. */
  private int border(int length) {
    for (int shorter = length - 1; shorter > 0; shorter--) {
      int distance = length - shorter;
      int i = 0;
      while (i < shorter && expected[i] == expected[i + distance]) {
        i++;
      }
      if (i == shorter) {
        return shorter;
      }
    }
    return 0;
  }

  /** Prints what is left and ends. */
  @Override
  public void close() {
    queue.add(END);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
