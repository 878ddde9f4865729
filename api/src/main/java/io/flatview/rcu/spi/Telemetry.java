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

  Telemetry() {}

  /**
   * The Flight Recorder from the first recording on; none in a Java runtime without the module jdk.jfr, which this
   * library can do without.
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
   * Records a backlog as often as a recording asks, in a thread of the recorder. If no recording runs yet, that begins
   * with the next grace period or batch of actions.
   */
  Watch watch(String policy, LongSupplier backlog) {
    return () -> {};
  }
}
