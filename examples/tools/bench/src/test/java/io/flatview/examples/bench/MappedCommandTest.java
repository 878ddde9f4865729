package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.bench.mapped.Schemes;
import org.junit.jupiter.api.Test;

/** Runs every scheme once, in this process; reads are checked, and no figure is judged here. */
class MappedCommandTest {

  @Test
  void everySchemeRunsAtEveryRateAndGetsItsLines() {
    BenchRun run = BenchRun.of("mapped", "--smoke", "--parked", "3");
    assertEquals(0, run.exitCode(), run.err());
    for (String scheme : Schemes.names()) {
      assertEquals(4, run.out().lines().filter(line -> line.startsWith(scheme + "  ")).count(), run.out());
    }
  }

  @Test
  void aFilterChoosesByName() {
    BenchRun run = BenchRun.of("mapped", "--list", "--filter", "hazard");
    assertEquals("hazard pointers", run.out().strip());
    assertTrue(BenchRun.of("mapped", "--filter", "no such thing").err().contains("--list"));
  }
}
