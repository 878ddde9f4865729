package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.function.LongSupplier;

/** Where an engine tells of what it does, for tools that record it. This one tells nobody. */
class Telemetry {

  /** Something that is told now and then, until this is closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** Without the Flight Recorder, or before anybody records. */
  static final Telemetry NOBODY = new Telemetry();

  Telemetry() {}

  /**
   * The Flight Recorder from the first recording on, or nobody in a Java runtime without the module jdk.jfr, which this
   * library can do without.
   */
  static Telemetry choose() {
    return LateTelemetry.isPossible() ? new SafeTelemetry(new LateTelemetry()) : NOBODY;
  }

  /** Called before a grace period; what it returns is handed back when that ends. */
  Object beginGracePeriod() {
    return null;
  }

  void endGracePeriod(Object begun, String policy, long number, boolean expedited) {}

  /** Called before a batch of actions runs; what it returns is handed back when that has run. */
  Object beginBatch() {
    return null;
  }

  void endBatch(Object begun, String policy, long actions) {}

  void stalled(StallReport report) {}

  /**
   * Has a backlog told as often as a recording asks, in a thread of the recorder. If nobody records yet, that begins
   * with the next grace period or batch of actions.
   */
  Watch watch(String policy, LongSupplier backlog) {
    return () -> {};
  }
}
