package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.function.LongSupplier;

/** Goes on if telling fails, for want of memory or otherwise: reclamation must not depend on being recorded. */
final class SafeTelemetry extends Telemetry {

  private final Telemetry told;

  SafeTelemetry(Telemetry told) {
    this.told = told;
  }

  @Override
  Object beginGracePeriod() {
    try {
      return told.beginGracePeriod();
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  void endGracePeriod(Object begun, String policy, long number, boolean expedited) {
    try {
      told.endGracePeriod(begun, policy, number, expedited);
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  Object beginBatch() {
    try {
      return told.beginBatch();
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  void endBatch(Object begun, String policy, long actions) {
    try {
      told.endBatch(begun, policy, actions);
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  void stalled(StallReport report) {
    try {
      told.stalled(report);
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  Watch watch(String policy, LongSupplier backlog) {
    try {
      return told.watch(policy, backlog);
    } catch (Throwable e) {
      return () -> {};
    }
  }
}
