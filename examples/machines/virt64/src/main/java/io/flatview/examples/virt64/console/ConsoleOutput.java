package io.flatview.examples.virt64.console;

import io.flatview.examples.virt64.device.ConsoleSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Prints what the guest sends, and watches for a text in it.
 *
 * <p>Harts put bytes into a queue of limited length and never wait for the stream; one thread takes them out. Carriage
 * returns before a line feed are dropped.
 */
public final class ConsoleOutput implements ConsoleSink {

  /** The callbacks of the printing thread. None may wait for long. */
  public interface Host {

    /** The expected text was printed. Called once. */
    void seen();

    /** There is room again, and was none. */
    void drained();

    /**
     * The stream takes nothing any more, and all that follows is lost. Called once.
     *
     * @param cause the failure of the stream
     */
    void failed(IOException cause);
  }

  private static final int QUEUE_BYTES = 64 << 10;
  private static final int PIECE_BYTES = 1 << 10;

  private final OutputStream stream;
  private final Host host;
  private final TextWatch watch;
  private final ByteQueue queue = new ByteQueue(QUEUE_BYTES);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread = Thread.ofPlatform().name("console output").daemon().unstarted(this::print);

  /** Whether a guest has found no room since there was last some. */
  private volatile boolean missed;

  private volatile long printed;
  private boolean carriageReturn;

  /**
   * Starts to print.
   *
   * @param stream the stream to print to
   * @param expected a text to watch for, or null
   * @param host the callbacks
   */
  public ConsoleOutput(OutputStream stream, String expected, Host host) {
    this.stream = stream;
    this.host = host;
    watch = new TextWatch(expected == null ? new byte[0] : expected.getBytes(StandardCharsets.UTF_8));
    thread.start();
  }

  @Override
  public void accept(int value) {
    if (!queue.offer((byte) value)) {
      lost.incrementAndGet();
    }
  }

  /** Looks once more when {@code missed} is set: the printing thread looks at that after it has made room. */
  @Override
  public boolean hasRoom() {
    if (queue.hasRoom()) {
      return true;
    }
    missed = true;
    return queue.hasRoom();
  }

  private void print() {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      for (int count = queue.take(piece); count > 0; count = queue.take(piece)) {
        announceRoom();
        write(piece, count);
        printed += count;
      }
    } catch (InterruptedException _) {
      queue.drop();
    } catch (IOException e) {
      queue.drop();
      host.failed(e);
    }
  }

  private void announceRoom() {
    if (missed) {
      missed = false;
      host.drained();
    }
  }

  private void write(byte[] piece, int count) throws IOException {
    boolean seen = false;
    for (int i = 0; i < count; i++) {
      seen |= write(piece[i]);
    }
    flush();
    if (seen) {
      host.seen();
    }
  }

  /** @return whether the text that is watched for ends here */
  private boolean write(byte value) throws IOException {
    if (carriageReturn && value != '\n') {
      stream.write('\r');
    }
    carriageReturn = value == '\r';
    if (carriageReturn) {
      return false;
    }
    stream.write(value);
    return watch.next(value);
  }

  private void flush() throws IOException {
    stream.flush();
    if (stream instanceof PrintStream prints && prints.checkError()) {
      throw new IOException("nothing takes it any more");
    }
  }

  /**
   * Prints what is left and ends. A stream that takes nothing is not waited for.
   *
   * @param hurry whether not to wait for a slow stream either
   * @return how many bytes were lost
   */
  public long close(boolean hurry) {
    queue.end();
    Patience.await(thread, () -> printed, hurry);
    return lost.get() + queue.size();
  }
}
