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

  Telemetry() {}

  /**
   * The Flight Recorder, or nobody in a Java runtime without the module jdk.jfr, which this library can do without. Its
   * classes are initialised here, and not where memory may have run out.
   */
  static Telemetry choose() {
    try {
      Class.forName("jdk.jfr.Event");
      Telemetry recorder = new JfrTelemetry();
      recorder.beginGracePeriod();
      recorder.beginBatch();
      return new SafeTelemetry(recorder);
    } catch (ClassNotFoundException | LinkageError e) {
      return new Telemetry();
    }
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

  /** Has a backlog told as often as a recording asks, in a thread of the recorder. */
  Watch watch(String policy, LongSupplier backlog) {
    return () -> {};
  }
}
