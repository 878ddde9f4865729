package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.StallReport;
import io.flatview.rcu.contract.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryTest {

  private static final StallReport REPORT = new StallReport(
      "recorded", StallReport.Cause.STALLED, 7, Duration.ofSeconds(2), 9,
      List.of(new StallReport.Holdout("vcpu", false, "main#1", true, true, List.of(), List.of())));

  private final Telemetry telemetry = Telemetry.choose();

  @Test
  void theFlightRecorderIsUsedWhereItIs() {
    assertInstanceOf(LateTelemetry.class, telemetry);
  }

  @Test
  void withoutARecordingNothingIsKept() {
    assertNull(telemetry.beginGracePeriod());
    assertNull(telemetry.beginBatch());
    telemetry.endGracePeriod(null, "test", 1, false);
    telemetry.endBatch(null, "test", 1);
    telemetry.stalled(REPORT);
  }

  @Test
  void nobodyIsToldWithoutTheFlightRecorder() {
    Telemetry nobody = new Telemetry();
    assertNull(nobody.beginGracePeriod());
    assertNull(nobody.beginBatch());
    nobody.endGracePeriod(null, "test", 1, false);
    nobody.endBatch(null, "test", 1);
    nobody.stalled(REPORT);
    nobody.watch("test", () -> 1).close();
  }

  /** Forbidden: a reclaiming thread that begins when memory is exhausted ends before its first cycle. */
  @Test
  void aBacklogThatCannotBeWatchedForWantOfMemoryIsNotWatched() {
    List<String> flags = List.of("-Xmx24m", "-XX:+UseSerialGC");
    assertEquals(List.of("true"), ChildJvm.linesOf(TelemetryProbe.class, flags).toList());
  }

  @Test
  void aRecordingHoldsGracePeriodsBatchesAndStalls(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.enable(GracePeriodEvent.class);
      recording.enable(ReclaimBatchEvent.class);
      recording.enable(ReaderStallEvent.class);
      recording.start();
      telemetry.endGracePeriod(telemetry.beginGracePeriod(), "recorded", 5, true);
      telemetry.endBatch(telemetry.beginBatch(), "recorded", 11);
      telemetry.stalled(REPORT);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertEquals(5, only(events, "io.flatview.GracePeriod").getLong("number"));
    assertEquals(11, only(events, "io.flatview.ReclaimBatch").getLong("actions"));
    RecordedEvent stall = only(events, "io.flatview.ReaderStall");
    assertEquals(9, stall.getLong("backlog"));
    assertEquals(Duration.ofSeconds(2), stall.getDuration("age"));
    assertTrue(stall.getString("report").contains("vcpu"));
  }

  /** A watch that is closed is not called any more. The recorder asks at the end of the recording. */
  @Test
  void aRecordingHoldsTheBacklogOfOpenPolicies(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("events.jfr");
    telemetry.watch("recorded", () -> 8).close();
    try (Telemetry.Watch _ = telemetry.watch("recorded", () -> 7); Recording recording = new Recording()) {
      recording.enable(ReclaimBacklogEvent.class).with("period", "endChunk");
      recording.start();
      telemetry.beginBatch();
      recording.stop();
      recording.dump(file);
    }
    RecordedEvent told = only(RecordingFile.readAllEvents(file), "io.flatview.ReclaimBacklog");
    assertEquals(7, told.getLong("backlog"));
  }

  /** Policies of other tests may be open, or just closing, and are recorded, too. */
  private static RecordedEvent only(List<RecordedEvent> events, String name) {
    List<RecordedEvent> matching = events.stream()
        .filter(e -> e.getEventType().getName().equals(name) && e.getString("policy").equals("recorded")).toList();
    assertEquals(1, matching.size());
    return matching.getFirst();
  }
}
