package io.flatview.dispatch.telemetry;

import io.flatview.memory.Access;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionSection;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;

/**
 * Receives commits, waits and failed accesses, for tools that record them. This class records nothing; a subclass does.
 */
public class MapTelemetry {

  private static final MapTelemetry NONE = new MapTelemetry();
  private static final boolean RECORDABLE = isRecordable();

  /**
   * Loaded with the first recording, since loading the classes of the events takes longer than a machine's first
   * commit.
   */
  private static final class Recorder {
    static final MapTelemetry TOLD = new JfrMapTelemetry();
  }

  MapTelemetry() {}

  private static boolean isRecordable() {
    try {
      FlightRecorder.isInitialized();
      return true;
    } catch (LinkageError e) { // a Java runtime without the module jdk.jfr
      return false;
    }
  }

  /**
   * The Flight Recorder once a recording ran; until then, a telemetry that records nothing.
   *
   * @return the telemetry for the next event
   */
  public static MapTelemetry get() {
    return RECORDABLE && FlightRecorder.isInitialized() ? Recorder.TOLD : NONE;
  }

  /**
   * A commit begins.
   *
   * @return an object to pass to {@link #endCommit}; null if no recording runs
   */
  public Object beginCommit() {
    return null;
  }

  /**
   * A commit was published.
   *
   * @param begun the result of {@link #beginCommit}
   * @param generation the number that it made
   * @param changes one change for each address space that changed; consumed only if a recording runs
   */
  public void endCommit(Object begun, long generation, Stream<MapChange> changes) {}

  /**
   * The calling thread has waited long for the map's lock.
   *
   * @param waitedNanos the time that it has waited, in nanoseconds
   * @param holder the thread that has the lock
   * @param heldMillis the time for which it has held the lock, in milliseconds
   */
  public void lockWait(long waitedNanos, Thread holder, long heldMillis) {}

  /**
   * An access, or a part of one, failed.
   *
   * @param section the section that answers there
   * @param offset the offset in its region, unsigned
   * @param size the number of bytes
   * @param access the kind of access
   * @param failure the result
   */
  public void accessFailed(
      MemoryRegionSection section, long offset, int size, Access access, MemTxResult failure) {}
}
