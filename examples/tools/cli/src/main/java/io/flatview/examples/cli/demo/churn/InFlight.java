package io.flatview.examples.cli.demo.churn;

import io.flatview.memory.CommitTicket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The commits whose grace period is not over: bounded, so that memory is, and counted, so that none is lost. */
final class InFlight {

  /** How many there are at most before the writer waits. */
  static final int LIMIT = 256;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Deque<CommitTicket> tickets = new ArrayDeque<>();
  private final AtomicLong tracked = new AtomicLong();
  private final AtomicLong quiesced = new AtomicLong();

  void track(CommitTicket ticket) {
    track(ticket, () -> {});
  }

  /** Counts a commit, and runs something small in the reclaiming thread when its grace period is over. */
  void track(CommitTicket ticket, Runnable afterwards) {
    tracked.incrementAndGet();
    ticket.quiesced().thenRun(afterwards).thenRun(quiesced::incrementAndGet);
    tickets.add(ticket);
    waitFor(LIMIT);
  }

  /** Waits for the last, and for what was to be done afterwards. */
  void finish() {
    waitFor(0);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (quiesced.get() != tracked.get() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(100_000);
    }
  }

  private void waitFor(int left) {
    while (tickets.size() > left) {
      await(tickets.remove());
    }
  }

  private static void await(CommitTicket ticket) {
    try {
      if (!ticket.awaitQuiesced(PATIENCE)) {
        throw new IllegalStateException("the grace period of generation " + ticket.generation() + " is not over after "
            + PATIENCE.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a grace period", e);
    }
  }

  long tracked() {
    return tracked.get();
  }

  long quiesced() {
    return quiesced.get();
  }
}
