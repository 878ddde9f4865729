package io.flatview.rcu.spi;

import static java.lang.System.Logger.Level.WARNING;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A warning that is logged every ten seconds at most, with the number of those that were left out. */
class LimitedWarning {

  /*
   *   field   | read     | write                           | guard
   *   due     | volatile | volatile CAS, one warning each  | -
   *   skipped | volatile | volatile RMW                    | -
   */

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

  private final String source;
  private final long interval;
  private final AtomicLong due = new AtomicLong(System.nanoTime());
  private final AtomicLong skipped = new AtomicLong();

  /** A warning of a class. */
  LimitedWarning(Class<?> source) {
    this(source.getName(), INTERVAL);
  }

  /** A warning to the logger of this name, with another interval, in nanoseconds. */
  LimitedWarning(String source, long interval) {
    this.source = source;
    this.interval = interval;
  }

  /** Logs a message, or counts it if one was logged within the interval. The cause may be null. Throws nothing. */
  void log(Supplier<String> message, Throwable cause) {
    log(message, cause, 1);
  }

  /** Logs as above, for {@code count} messages of which only the first is given. */
  void log(Supplier<String> message, Throwable cause, long count) {
    log(message, cause, count, System.nanoTime());
  }

  /** Logs as above, at a time of {@link System#nanoTime()}. */
  void log(Supplier<String> message, Throwable cause, long count, long now) {
    long last = due.get();
    if (now - last >= 0 && due.compareAndSet(last, now + interval)) {
      write(message, cause, skipped.getAndSet(0) + count - 1);
    } else {
      skipped.addAndGet(count);
    }
  }

  System.Logger log() {
    return System.getLogger(source);
  }

  private void write(Supplier<String> message, Throwable cause, long others) {
    try {
      log().log(WARNING,
          others == 0 ? message.get() : message.get() + "\n" + others + " more like it are not logged", cause);
    } catch (Throwable e) {
      // as SafeLog
    }
  }
}
