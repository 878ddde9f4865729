package io.flatview.dispatch.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapTelemetryTest {

  @TempDir Path directory;

  private List<RecordedEvent> recorded(String event, Runnable work) throws Exception {
    Path file = directory.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(event);
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
        .filter(seen -> seen.getEventType().getName().equals(event))
        .toList();
    Files.delete(file);
    return events;
  }

  private static void plugAndMiss() {
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy(); MemorySystem memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      AddressSpace bus = memory.addressSpace("bus", system);
      memory.update(tx -> tx
          .addSubregion(system, 0x1000, memory.ram("one", Size.kib(4)))
          .addSubregion(system, 0x4000, memory.rom("two", Size.kib(4))));
      memory.reader().load(bus, 0x9000, 4);
      memory.reader().store(bus, 0x4010, 8, 1);
    }
  }

  @Test
  void aCommitTellsWhatItChanged() throws Exception {
    List<RecordedEvent> commits = recorded("io.flatview.MapCommit", MapTelemetryTest::plugAndMiss);
    RecordedEvent plugged = commits.stream().filter(e -> e.getInt("added") == 2).findFirst().orElseThrow();
    assertEquals(1, plugged.getInt("spaces"));
    assertEquals(0, plugged.getInt("removed"));
    assertTrue(plugged.getLong("generation") > 0 && plugged.getDuration().toNanos() > 0, plugged::toString);
  }

  @Test
  void aFailedAccessTellsWhereAndHow() throws Exception {
    List<RecordedEvent> errors = recorded("io.flatview.AccessError", MapTelemetryTest::plugAndMiss);
    assertEquals(
        List.of("unassigned 9000 4 READ DECODE_ERROR", "two 10 8 WRITE DECODE_ERROR"),
        errors.stream().map(e -> "%s %x %d %s %s".formatted(e.getString("region"), e.getLong("offset"),
            e.getLong("size"), e.getString("access"), e.getString("failure"))).toList());
  }

  @Test
  void aLongWaitForTheLockNamesTheHolder() throws Exception {
    Thread holder = Thread.currentThread();
    RecordedEvent wait = recorded("io.flatview.MapLockWait",
        () -> MapTelemetry.get().lockWait(3_000_000_000L, holder, 3_500)).getFirst();
    assertEquals(3, wait.getDuration("waited").toSeconds());
    assertEquals(3_500, wait.getDuration("held").toMillis());
    assertEquals(holder.getName(), wait.getThread("holder").getJavaName());
  }

  @Test
  void withoutARecordingNothingIsBegun() {
    assertNull(MapTelemetry.get().beginCommit());
  }
}
