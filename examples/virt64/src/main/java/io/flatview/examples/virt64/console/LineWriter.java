package io.flatview.examples.virt64.console;

import java.io.PrintWriter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Prints lines that threads which must not wait have put into a queue. */
public final class LineWriter implements AutoCloseable {

  private static final String END = "";

  private final PrintWriter out;
  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("lines").daemon().unstarted(this::print);

  /**
   * Starts to print.
   *
   * @param out where to
   */
  public LineWriter(PrintWriter out) {
    this.out = out;
    thread.start();
  }

  /**
   * Prints a line. Any thread may call this; it does not wait.
   *
   * @param line not empty
   */
  public void accept(String line) {
    queue.add(line);
  }

  private void print() {
    try {
      for (String line = queue.take(); !line.equals(END); line = queue.take()) {
        out.println(line);
      }
    } catch (InterruptedException _) {
      queue.clear();
    }
    out.flush();
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
