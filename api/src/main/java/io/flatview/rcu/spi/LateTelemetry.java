package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import jdk.jfr.FlightRecorder;

/**
 * Records nothing until a recording has begun, and initialises no class of an event before that, since this would take
 * longer than a first reclamation. A failure to record is ignored: reclamation must not depend on being recorded.
 */
final class LateTelemetry extends Telemetry {

  /*
   *   field   | read     | write                | guard
   *   target  | volatile | volatile, once       | this
   *   watches | plain    | plain                | this
   *
   * The first recording initialises the Flight Recorder for good. To check for that loads one class of the recorder,
   * and starts nothing.
   */

  private final List<LateWatch> watches = new ArrayList<>();
  private volatile Telemetry target;

  /** Whether this Java runtime has the recorder. */
  static boolean isPossible() {
    try {
      FlightRecorder.isInitialized();
      return true;
    } catch (LinkageError e) {
      return false;
    }
  }

  private Telemetry target() {
    Telemetry present = target;
    if (present != null) {
      return present;
    }
    return FlightRecorder.isInitialized() ? begin() : NONE;
  }

  /** Begins to record; after a failure the next caller tries again. */
  private synchronized Telemetry begin() {
    if (target == null) {
      Telemetry recorder = new JfrTelemetry();
      watches.forEach(watch -> watch.begin(recorder));
      target = recorder;
    }
    return target;
  }

  @Override
  Object beginGracePeriod() {
    try {
      return target().beginGracePeriod();
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  void endGracePeriod(Object begun, String policy, long number, boolean expedited) {
    if (begun != null) {
      record(recorder -> recorder.endGracePeriod(begun, policy, number, expedited));
    }
  }

  @Override
  Object beginBatch() {
    try {
      return target().beginBatch();
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  void endBatch(Object begun, String policy, long actions) {
    if (begun != null) {
      record(recorder -> recorder.endBatch(begun, policy, actions));
    }
  }

  @Override
  void stalled(StallReport report) {
    record(recorder -> recorder.stalled(report));
  }

  private void record(Consumer<Telemetry> event) {
    try {
      event.accept(target());
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  Watch watch(String policy, LongSupplier backlog) {
    try {
      return added(new LateWatch(policy, backlog));
    } catch (Throwable e) { // it must not end the reclaiming thread
      return NO_WATCH;
    }
  }

  private synchronized Watch added(LateWatch watch) {
    watches.add(watch);
    if (target() != NONE) {
      watch.begin(target);
    }
    return watch;
  }

  /** A watch that begins with the first recording. Guarded by the telemetry's monitor. */
  private final class LateWatch implements Watch {

    private final String policy;
    private final LongSupplier backlog;
    private Watch begun;

    LateWatch(String policy, LongSupplier backlog) {
      this.policy = policy;
      this.backlog = backlog;
    }

    void begin(Telemetry recorder) {
      if (begun == null) {
        begun = recorder.watch(policy, backlog);
      }
    }

    @Override
    public void close() {
      synchronized (LateTelemetry.this) {
        watches.remove(this);
        if (begun != null) {
          begun.close();
        }
      }
    }
  }
}
