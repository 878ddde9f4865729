package io.flatview.examples.virt64.device;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a machine's run ends: the first word counts. Thread-safe. */
public final class PowerSwitch {

  /** Why a run ended. */
  public enum Reason {
    /** The guest switched the machine off. */
    OFF,
    /** The guest asked for a reset. */
    RESET,
    /** The host wants no more, since it saw what it waited for. */
    SEEN,
    /** The time was up. */
    TIME_LIMIT,
    /** The host wants no more, since the user said so. */
    STOPPED,
    /** The host cannot print the console any more. */
    CONSOLE_LOST,
    /** A thread of the machine failed. */
    FAILURE
  }

  /**
   * The end of a run.
   *
   * @param reason the reason of the end
   * @param status the guest's exit status, unsigned; 0 is success
   * @param failure the exception that a thread threw, or null
   */
  public record End(Reason reason, long status, Throwable failure) {}

  private final CompletableFuture<End> end = new CompletableFuture<>();

  /** A switch that is on. */
  public PowerSwitch() {}

  /**
   * Ends the run.
   *
   * @param reason the reason of the end
   * @param status the guest's exit status, unsigned
   */
  public void end(Reason reason, long status) {
    end.complete(new End(reason, status, null));
  }

  /**
   * Ends the run.
   *
   * @param how all about it
   */
  public void end(End how) {
    end.complete(how);
  }

  /**
   * Ends the run because something broke.
   *
   * @param failure the exception that was thrown
   */
  public void fail(Throwable failure) {
    end.complete(new End(Reason.FAILURE, 1, failure));
  }

  /**
   * Whether the run is over.
   *
   * @return true from the first word on
   */
  public boolean isOff() {
    return end.isDone();
  }

  /**
   * Waits for the end.
   *
   * @param limit how long at most
   * @return how it ended
   * @throws InterruptedException if interrupted
   */
  public End await(Duration limit) throws InterruptedException {
    try {
      return end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      end(Reason.TIME_LIMIT, 1);
      return end.join();
    } catch (ExecutionException e) {
      throw new AssertionError("the future is never completed exceptionally", e);
    }
  }
}
