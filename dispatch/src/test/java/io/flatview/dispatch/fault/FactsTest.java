package io.flatview.dispatch.fault;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Injected failures are compared by the facts: a flag that is new in the API is one of them. */
class FactsTest {

  @Test
  void everyFlagIsAFact() throws ReflectiveOperationException {
    List<Method> setters = Arrays.stream(Transaction.class.getMethods())
        .filter(method -> method.getParameterCount() == 2 && method.getParameterTypes()[1] == boolean.class).toList();
    assertTrue(setters.size() > 5);
    ManualReclaimPolicy policy = new ManualReclaimPolicy();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion region = memory.romDevice("region", Size.kib(4), new World.Idle());
      for (Method setter : setters) {
        assertNotEquals(facts(memory, setter, region, false), facts(memory, setter, region, true), setter.getName());
      }
    }
  }

  private static String facts(DispatchMemory memory, Method setter, MemoryRegion region, boolean value)
      throws ReflectiveOperationException {
    try (Transaction tx = memory.begin()) {
      setter.invoke(tx, region, value);
      tx.commit();
    }
    return Facts.of(region, Map.of());
  }
}
