package io.flatview.dispatch.telemetry;

import io.flatview.memory.Access;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionSection;
import java.util.stream.Stream;
import jdk.jfr.EventType;

/** Records the events that a recording has enabled. */
final class JfrMapTelemetry extends MapTelemetry {

  /**
   * Checked before an event is made, since refused accesses must allocate nothing: until the method is compiled, an
   * event costs an object.
   */
  private final EventType accessErrors = EventType.getEventType(AccessErrorEvent.class);

  @Override
  public Object beginCommit() {
    MapCommitEvent event = new MapCommitEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void endCommit(Object begun, long generation, Stream<MapChange> changes) {
    if (begun instanceof MapCommitEvent event && event.shouldCommit()) {
      event.generation = generation;
      changes.forEach(event::count);
      event.commit();
    }
  }

  @Override
  public void lockWait(long waitedNanos, Thread holder, long heldMillis) {
    MapLockWaitEvent event = new MapLockWaitEvent();
    if (event.shouldCommit()) {
      event.waited = waitedNanos;
      event.holder = holder;
      event.held = heldMillis;
      event.commit();
    }
  }

  @Override
  public void accessFailed(
      MemoryRegionSection section, long offset, int size, Access access, MemTxResult failure) {
    if (!accessErrors.isEnabled()) {
      return;
    }
    AccessErrorEvent event = new AccessErrorEvent();
    if (event.shouldCommit()) {
      event.region = section.region().name();
      event.offset = offset;
      event.size = size;
      event.access = access.name();
      event.failure = failure.toString();
      event.commit();
    }
  }
}
