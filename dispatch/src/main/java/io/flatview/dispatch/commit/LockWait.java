package io.flatview.dispatch.commit;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.telemetry.MapTelemetry;
import java.util.concurrent.TimeUnit;

/** A thread's wait for the map's lock: reported after a second, then after three, nine and so on. */
final class LockWait {

  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MapLock lock;
  private final long began = System.nanoTime();
  private long reportAfter = FIRST_NANOS;

  LockWait(MapLock lock) {
    this.lock = lock;
  }

  /** Reports the lock's holder if a report is due. */
  void goOn(MapLock.Hold holder) {
    long waited = System.nanoTime() - began;
    if (waited >= reportAfter && holder != null) {
      reportAfter *= 3;
      report(holder, waited);
    }
  }

  /** Reports the lock's holder; ignores failures, since the wait must go on. */
  private void report(MapLock.Hold holder, long waited) {
    try {
      long heldMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - holder.since);
      MapTelemetry.get().lockWait(waited, holder.thread, heldMillis);
      System.getLogger(LockWait.class.getName()).log(WARNING,
          message(holder, TimeUnit.NANOSECONDS.toMillis(waited), heldMillis), holder.begun);
    } catch (Throwable _) {
      // The next report may succeed.
    }
  }

  private String message(MapLock.Hold holder, long waitedMillis, long heldMillis) {
    StringBuilder message = new StringBuilder("thread '").append(Thread.currentThread().getName())
        .append("' has waited ").append(waitedMillis).append(" ms for ").append(lock).append(", which thread '")
        .append(holder.thread.getName()).append("' has held for ").append(heldMillis).append(" ms; it is now at");
    for (StackTraceElement frame : holder.thread.getStackTrace()) {
      message.append("\n    ").append(frame);
    }
    return message.append(holder.begun == null ? "" : "\n  and began its transaction here").toString();
  }
}
