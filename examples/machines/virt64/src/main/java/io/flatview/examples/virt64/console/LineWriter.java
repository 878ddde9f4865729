package io.flatview.examples.virt64.console;

import io.flatview.examples.virt64.time.Ticks;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Prints lines of other threads. They wait for a moment where many lines are on their way, and lose theirs where the
 * stream takes none.
 */
public final class LineWriter {

  private static final int LINES = 4096;
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final long LOOK_MILLIS = 10;

  private final PrintWriter out;
  private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(LINES);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread = Thread.ofPlatform().name("lines").daemon().unstarted(this::print);
  private volatile boolean stuck;
  private volatile boolean ended;
  private volatile long printed;

  /**
   * Starts to print.
   *
   * @param out the writer of the lines
   */
  public LineWriter(PrintWriter out) {
    this.out = out;
    thread.start();
  }

  /**
   * Prints a line. Any thread may call this.
   *
   * @param line without its end
   */
  public void accept(String line) {
    boolean taken = queue.offer(line) || (!stuck && offerForAMoment(line));
    stuck = !taken;
    if (!taken) {
      lost.incrementAndGet();
    }
  }

  private boolean offerForAMoment(String line) {
    try {
      return Ticks.of(MOMENT).await(longest -> queue.offer(line, longest.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void print() {
    try {
      while (!ended || !queue.isEmpty()) {
        String line = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (line != null) {
          out.println(line);
          printed++;
        }
      }
    } catch (InterruptedException _) {
      queue.clear();
    }
    if (lost.get() > 0) {
      out.println("(" + lost.get() + " lines were lost, since they were not read)");
    }
    out.flush();
  }

  /**
   * Prints what is left and ends. A stream that takes nothing is not waited for.
   *
   * @param hurry whether not to wait for a slow stream either
   */
  public void close(boolean hurry) {
    ended = true;
    Patience.await(thread, () -> printed, hurry);
  }
}
