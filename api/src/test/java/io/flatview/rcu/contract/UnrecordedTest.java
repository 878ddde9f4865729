package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;

/** A program that is not recorded does not pay for the Flight Recorder, whose events take longer than a retirement. */
class UnrecordedTest {

  /** Retires once, with a recording if there is an argument. */
  static final class Program {

    private Program() {}

    public static void main(String[] arguments) {
      if (arguments.length > 0) {
        new Recording().start();
      }
      try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound())) {
        policy.retire(() -> {});
        policy.barrier();
      }
    }
  }

  private static List<String> recorderClasses(String... arguments) {
    return ChildJvm.linesOf(Program.class, List.of("-Xlog:class+load"), arguments)
        .filter(line -> line.contains(" jdk.jfr.")).toList();
  }

  @Test
  void withoutARecordingOnlyTheQuestionForOneLoadsAClass() {
    List<String> loaded = recorderClasses();
    assertEquals(1, loaded.size(), loaded::toString);
    assertTrue(loaded.getFirst().contains("jdk.jfr.FlightRecorder"), loaded::toString);
  }

  @Test
  void aRecordingLoadsTheEventsOfReclamation() {
    List<String> events = ChildJvm.linesOf(Program.class, List.of("-Xlog:class+load"), "record")
        .filter(line -> line.contains("io.flatview.rcu.spi.") && line.contains("Event ")).toList();
    assertTrue(events.size() >= 2, events::toString);
  }
}
