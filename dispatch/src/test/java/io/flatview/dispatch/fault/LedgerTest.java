package io.flatview.dispatch.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemoryListener;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Injected failures are seen in the ledger: a callback that is new in the API must balance there, too. */
class LedgerTest {

  @Test
  void everyCallbackIsKept() {
    List<String> inherited = Arrays.stream(Ledger.class.getMethods())
        .filter(method -> method.getDeclaringClass() == MemoryListener.class)
        .filter(method -> method.getReturnType() == void.class).map(Method::getName).toList();
    assertEquals(List.of(), inherited);
  }
}
