package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.function.LongSupplier;

/** Takes the events of an engine, for tools that record them. This one records nothing. */
class Telemetry {

  /** A value that is recorded repeatedly, until this is closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** Records nothing: without the Flight Recorder, or before a recording runs. */
  static final Telemetry NONE = new Telemetry();

  /** Records nothing. Made in time, for a thread that begins as memory is exhausted. */
  static final Watch NO_WATCH = new Watch() {
    @Override
    public void close() {}
  };

  Telemetry() {}

  /**
   * Returns a telemetry that uses the Flight Recorder from the first recording on; one that records nothing in a Java
   * runtime without the module jdk.jfr, which is optional.
   */
  static Telemetry choose() {
    return LateTelemetry.isPossible() ? new LateTelemetry() : NONE;
  }

  /** Called before a grace period; the result is passed to {@link #endGracePeriod}. */
  Object beginGracePeriod() {
    return null;
  }

  void endGracePeriod(Object begun, String policy, long number, boolean expedited) {}

  /** Called before a batch of actions runs; the result is passed to {@link #endBatch}. */
  Object beginBatch() {
    return null;
  }

  void endBatch(Object begun, String policy, long actions) {}

  void stalled(StallReport report) {}

  /**
   * Records a backlog at the period that a recording has set, in a thread of the recorder. If no recording runs yet,
   * this begins with the first event of the engine after a recording has begun, such as a grace period.
   */
  Watch watch(String policy, LongSupplier backlog) {
    return NO_WATCH;
  }
}
