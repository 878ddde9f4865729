package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;
import java.util.function.LongSupplier;

/** Goes on if telling fails, for want of memory or otherwise: reclamation must not depend on being recorded. */
final class SafeTelemetry extends Telemetry {

  private final Telemetry target;

  SafeTelemetry(Telemetry target) {
    this.target = target;
  }

  @Override
  Object beginGracePeriod() {
    try {
      return target.beginGracePeriod();
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  void endGracePeriod(Object begun, String policy, long number, boolean expedited) {
    try {
      target.endGracePeriod(begun, policy, number, expedited);
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  Object beginBatch() {
    try {
      return target.beginBatch();
    } catch (Throwable e) {
      return null;
    }
  }

  @Override
  void endBatch(Object begun, String policy, long actions) {
    try {
      target.endBatch(begun, policy, actions);
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  void stalled(StallReport report) {
    try {
      target.stalled(report);
    } catch (Throwable e) {
      // not recorded
    }
  }

  @Override
  Watch watch(String policy, LongSupplier backlog) {
    try {
      return target.watch(policy, backlog);
    } catch (Throwable e) {
      return () -> {};
    }
  }
}
