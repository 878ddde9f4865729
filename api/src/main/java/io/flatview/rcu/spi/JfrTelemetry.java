package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.function.LongSupplier;
import jdk.jfr.FlightRecorder;

/** Records the events that a recording has enabled. */
final class JfrTelemetry extends Telemetry {

  @Override
  Object beginGracePeriod() {
    GracePeriodEvent event = new GracePeriodEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  void endGracePeriod(Object begun, String policy, long number, boolean expedited) {
    if (begun instanceof GracePeriodEvent event && event.shouldCommit()) {
      event.policy = policy;
      event.number = number;
      event.expedited = expedited;
      event.commit();
    }
  }

  @Override
  Object beginBatch() {
    ReclaimBatchEvent event = new ReclaimBatchEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  void endBatch(Object begun, String policy, long actions) {
    if (begun instanceof ReclaimBatchEvent event && event.shouldCommit()) {
      event.policy = policy;
      event.actions = actions;
      event.commit();
    }
  }

  @Override
  void stalled(StallReport report) {
    ReaderStallEvent event = new ReaderStallEvent();
    if (event.shouldCommit()) {
      event.policy = report.policy();
      event.gracePeriod = report.gracePeriod();
      event.age = report.age().toNanos();
      event.backlog = report.backlog();
      event.report = report.describe();
      event.commit();
    }
  }

  @Override
  Watch watch(String policy, LongSupplier backlog) {
    Runnable record = () -> record(policy, backlog);
    FlightRecorder.addPeriodicEvent(ReclaimBacklogEvent.class, record);
    return () -> FlightRecorder.removePeriodicEvent(record);
  }

  private static void record(String policy, LongSupplier backlog) {
    ReclaimBacklogEvent event = new ReclaimBacklogEvent();
    if (event.shouldCommit()) {
      event.policy = policy;
      event.backlog = backlog.getAsLong();
      event.commit();
    }
  }
}
