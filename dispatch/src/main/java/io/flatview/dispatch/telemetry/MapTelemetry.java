package io.flatview.dispatch.telemetry;

import io.flatview.memory.Access;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionSection;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;

/** Where commits and failed accesses are told, for tools that record them. This one tells nobody. */
public class MapTelemetry {

  private static final MapTelemetry NOBODY = new MapTelemetry();
  private static final boolean RECORDABLE = isRecordable();

  /** Initialised with the first recording: the classes of events take longer than a machine's first commit. */
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
   * The Flight Recorder once there was a recording, or else nobody.
   *
   * @return where to tell of what happens now
   */
  public static MapTelemetry get() {
    return RECORDABLE && FlightRecorder.isInitialized() ? Recorder.TOLD : NOBODY;
  }

  /**
   * A commit begins.
   *
   * @return to be handed back at its end; null if nobody records
   */
  public Object beginCommit() {
    return null;
  }

  /**
   * A commit was published.
   *
   * @param begun what {@link #beginCommit} returned
   * @param generation the number that it made
   * @param changes one for each address space that changed; asked for only if somebody records
   */
  public void endCommit(Object begun, long generation, Stream<MapChange> changes) {}

  /**
   * The calling thread has waited long for the map's lock.
   *
   * @param waitedNanos how long
   * @param holder the thread that has the lock
   * @param heldMillis for how long it has had it
   */
  public void lockWait(long waitedNanos, Thread holder, long heldMillis) {}

  /**
   * An access, or a part of one, failed.
   *
   * @param section what answers there
   * @param offset where in its region, unsigned
   * @param size how many bytes
   * @param access what was tried
   * @param failure how it failed
   */
  public void accessFailed(
      MemoryRegionSection section, long offset, int size, Access access, MemTxResult failure) {}
}
