package io.flatview.examples.virt64.console;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the host's input for the guest. A line ends with a carriage return, as terminals send it. The thread is a
 * daemon and ends with the input or the process; another guest may get the bytes after a machine was reset.
 */
public final class ConsoleInput {

  private static final long POLL_MILLIS = 2;

  private final InputStream stream;
  private final boolean paced;
  private volatile Guest guest;

  /**
   * Reads nothing yet.
   *
   * @param stream the stream to read
   * @param paced whether a line must wait until the guest wants one, as a script must and a person does
   */
  public ConsoleInput(InputStream stream, boolean paced) {
    this.stream = stream;
    this.paced = paced;
  }

  /**
   * Sets the guest that gets the bytes read from now on, and starts to read if it is the first.
   *
   * @param guest called by the reading thread
   */
  public void connect(Guest guest) {
    boolean first = this.guest == null;
    this.guest = guest;
    if (first) {
      Thread.ofPlatform().name("console input").daemon().start(this::read);
    }
  }

  private void read() {
    try {
      int before = '\n';
      for (int value = stream.read(); value >= 0; value = stream.read()) {
        if (paced && before == '\n') {
          awaitGuest();
        }
        if (value != '\n' || before != '\r') {
          type((byte) (value == '\n' ? '\r' : value));
        }
        before = value;
      }
    } catch (IOException | InterruptedException _) {
      return;
    }
  }

  /** A machine that was reset meanwhile gets the byte that the other had no room for. */
  private void type(byte value) throws InterruptedException {
    while (!guest.type(value)) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private void awaitGuest() throws InterruptedException {
    while (!guest.wantsInput()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** The receiver of typed bytes. */
  public interface Guest {

    /**
     * Takes a byte, if not too many wait already.
     *
     * @param value the byte that was typed
     * @return false if it was not taken
     */
    boolean type(byte value);

    /**
     * Whether a line would find a listener.
     *
     * @return true if the guest has read all and waits for more
     */
    boolean wantsInput();
  }
}
