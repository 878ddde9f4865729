package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.Puppet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class GateTest {

  @Test
  void aShutGateLetsNobodyPassAndKeepsItsCount() {
    Gate gate = new Gate();
    assertTrue(gate.pass());
    gate.shut();
    assertFalse(gate.pass());
    gate.shut();
    assertTrue(gate.isShut());
    assertEquals(1, gate.count());
  }

  /** Two threads pass while a third shuts; forbidden: one passes that the count does not hold. */
  @Test
  void theCountOfAShutGateIsExactAndFinal() {
    for (int round = 0; round < 50; round++) {
      Gate gate = new Gate();
      LongAdder passed = new LongAdder();
      try (Puppet a = Puppet.platform(); Puppet b = Puppet.platform()) {
        Future<?> stepA = a.begin(() -> passUntilShut(gate, passed));
        Future<?> stepB = b.begin(() -> passUntilShut(gate, passed));
        gate.shut();
        final long count = gate.count();
        Puppet.result(stepA);
        Puppet.result(stepB);
        assertEquals(count, passed.sum());
        assertEquals(count, gate.count());
      }
    }
  }

  private static void passUntilShut(Gate gate, LongAdder passed) {
    while (gate.pass()) {
      passed.increment();
    }
  }
}
