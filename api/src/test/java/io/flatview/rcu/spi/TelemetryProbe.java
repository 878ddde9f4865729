package io.flatview.rcu.spi;

import io.flatview.rcu.contract.HeapProbe;
import java.util.function.LongSupplier;

/** A program that exhausts its heap, for a small JVM of its own, and prints whether a backlog can be watched then. */
final class TelemetryProbe {

  private static final int LARGE = 1 << 20;
  private static Object ballast;

  private TelemetryProbe() {}

  public static void main(String[] args) {
    System.out.println(isWatched(Telemetry.choose(), "exhausted", () -> 0));
  }

  private static boolean isWatched(Telemetry telemetry, String policy, LongSupplier backlog) {
    try {
      ballast = HeapProbe.fill(LARGE, null);
      telemetry.watch(policy, backlog);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    } finally {
      ballast = null;
    }
  }
}
