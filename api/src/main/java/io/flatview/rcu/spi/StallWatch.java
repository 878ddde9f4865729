package io.flatview.rcu.spi;

import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.StallReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Notices a grace period that takes too long, and names the reader that holds it up. */
final class StallWatch {

  /*
   * The first report of a grace period is due after the threshold, the next after twice that time and so on, until they
   * come at a steady pace: a reader that never leaves must be reported again, but must not fill the log.
   *
   *   field     | read, write           | guard
   *   number    | plain                 | the driver's turn
   *   start     | plain                 | the driver's turn
   *   due       | plain                 | the driver's turn
   *   interval  | plain                 | the driver's turn
   *   reported  | acquire; release      | written in the driver's turn
   */

  private static final long LONGEST_INTERVAL = TimeUnit.MINUTES.toNanos(1);

  private static final int MOST_HOLDOUTS = 16;

  private final String policy;
  private final ReclaimOptions options;
  private final ReaderRegistry registry;
  private final LongSupplier backlog;
  private final Telemetry telemetry;
  private final long threshold;
  private final AtomicLong reported = new AtomicLong();
  private final String listener;
  private final LimitedWarning leftBehind = new LimitedWarning(StallWatch.class);
  private long number;
  private long start;
  private long due;
  private long interval;

  /** A watch over the grace periods of a policy of this name. */
  StallWatch(
      String policy, ReclaimOptions options, ReaderRegistry registry, LongSupplier backlog, Telemetry telemetry) {
    this.policy = policy;
    this.options = options;
    this.registry = registry;
    this.backlog = backlog;
    this.telemetry = telemetry;
    this.listener = "a stall listener of policy " + policy;
    this.threshold = Math.max(1, TimeUnit.NANOSECONDS.convert(options.stallThreshold()));
  }

  void begin(long gracePeriod, long now) {
    number = gracePeriod;
    start = now;
    interval = threshold;
    due = threshold;
  }

  /** Looks at the clock, and reports if it is time. */
  void check(Scan scan) {
    long age = System.nanoTime() - start;
    if (age >= due) {
      interval = Math.min(2 * interval, Math.max(threshold, LONGEST_INTERVAL));
      due = age + interval;
      tryToReport(scan, age);
    }
  }

  /** A report calls code of others: the logger, the listener, and threads for their stacks. */
  private void tryToReport(Scan scan, long age) {
    try {
      report(scan, age);
    } catch (RuntimeException e) {
      SafeLog.warn(StallWatch.class, "a stall of policy " + policy + " could not be reported", e);
    }
  }

  /** The number of reports so far. */
  long reports() {
    return reported.getAcquire();
  }

  /**
   * Releases readers whose threads have ended or that were dropped, and reports them. Any thread may call it; throws
   * nothing.
   */
  void sweep() {
    try {
      List<LeftBehind> left = registry.sweep();
      if (!left.isEmpty()) {
        report(left);
      }
    } catch (VirtualMachineError e) {
      // the next sweep goes on
    }
  }

  private void report(List<LeftBehind> left) {
    List<StallReport> reports = left.stream().map(this::describe).toList();
    leftBehind.log(reports.getFirst()::describe, null, reports.size());
    reports.forEach(this::tellListener);
  }

  private StallReport describe(LeftBehind left) {
    return new StallReport(policy, left.cause(), 0, Duration.ZERO, backlog.getAsLong(),
        List.of(describe(left.reader(), stackOf(left.reader().registration().place()))));
  }

  private void report(Scan scan, long age) {
    List<StallReport.Holdout> holdouts = registry.snapshot().stream()
        .filter(scan::isHeldUpBy)
        .limit(MOST_HOLDOUTS)
        .map(reader -> describe(reader, presentStack(reader)))
        .toList();
    reported.setRelease(reported.getPlain() + 1);
    StallReport report = new StallReport(
        policy, StallReport.Cause.STALLED, number, Duration.ofNanos(age), backlog.getAsLong(), holdouts);
    telemetry.stalled(report);
    call(report);
  }

  private void call(StallReport report) {
    SafeLog.warn(StallWatch.class, report::describe);
    tellListener(report);
  }

  private void tellListener(StallReport report) {
    try (NoWaitScope _ = registry.threads().mine().forbidWaiting(listener)) {
      options.stallListener().accept(report);
    } catch (Throwable e) { // a failing listener must not stop the grace period
      SafeLog.warn(StallWatch.class, "the stall listener of policy " + policy + " failed", e);
    }
  }

  private static List<StackTraceElement> presentStack(SlotReader reader) {
    Thread user = reader.home().owner();
    return user == null ? List.of() : List.of(user.getStackTrace());
  }

  private static List<StackTraceElement> stackOf(Throwable place) {
    return place == null ? List.of() : List.of(place.getStackTrace());
  }

  private static StallReport.Holdout describe(SlotReader reader, List<StackTraceElement> stack) {
    ThreadReaders user = reader.home();
    return new StallReport.Holdout(
        reader.name(), reader.registration().isImplicit(), user.describe(), !user.isOwnerDead(), reader.isInside(),
        stack, stackOf(reader.entry()));
  }
}
