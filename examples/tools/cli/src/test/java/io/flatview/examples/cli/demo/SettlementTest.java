package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemoryStatistics;
import io.flatview.rcu.ReclaimStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettlementTest {

  private static final long RAM = 4096;

  private static List<String> losses(ReclaimStatistics actions, MemoryStatistics generations) {
    return new Settlement(actions, generations).losses(RAM);
  }

  @Test
  void evenAccountsHaveNoLosses() {
    assertEquals(List.of(),
        losses(new ReclaimStatistics(3, 10, 10, 0, 0), new MemoryStatistics(8, 8, RAM, 1)));
  }

  @Test
  void everyUnevenAccountIsALoss() {
    List<String> expected = List.of(
        "3 retired actions were never run",
        "1 retired actions failed",
        "2 replaced maps were never reclaimed",
        "100 bytes of guest memory more than before are still reserved");
    assertEquals(expected,
        losses(new ReclaimStatistics(3, 10, 7, 1, 0), new MemoryStatistics(8, 6, RAM + 100, 1)));
  }
}
