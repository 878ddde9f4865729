package io.flatview.dispatch.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.MemoryListener;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A callback that is new in the API is one that listeners of a range get, and that can be taken back. */
class CallbackTest {

  /** Called with a change of their own for each listener, rather than as steps. */
  private static final List<String> OF_THE_WHOLE_CHANGE = List.of("plan", "commit", "abort");

  @Test
  void everyCallbackOfAListenerHasARecord() {
    Set<String> callbacks = Arrays.stream(MemoryListener.class.getMethods())
        .filter(method -> method.getReturnType() == void.class).map(method -> method.getName())
        .filter(name -> !OF_THE_WHOLE_CHANGE.contains(name)).collect(Collectors.toCollection(TreeSet::new));
    Set<String> records = Arrays.stream(Callback.class.getPermittedSubclasses())
        .map(record -> Character.toLowerCase(record.getSimpleName().charAt(0)) + record.getSimpleName().substring(1))
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(callbacks, records);
  }
}
