package io.flatview.dispatch.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlatviewLifecycleTest {

  private final FlatviewLifecycle lifecycle = new FlatviewLifecycle();
  private final List<String> closed = new ArrayList<>();

  @Test
  void theLatestIsClosedFirstAndOnce() {
    lifecycle.manage((AutoCloseable) () -> closed.add("policy"));
    lifecycle.manage((AutoCloseable) () -> closed.add("memory"));
    lifecycle.close();
    lifecycle.close();
    assertEquals(List.of("memory", "policy"), closed);
  }

  @Test
  void aFailureDoesNotKeepTheRestOpen() {
    IllegalArgumentException first = new IllegalArgumentException("first");
    IllegalArgumentException second = new IllegalArgumentException("second");
    lifecycle.manage((AutoCloseable) () -> closed.add("policy"));
    lifecycle.manage(failing(second));
    lifecycle.manage(failing(first));
    IllegalStateException failure = assertThrows(IllegalStateException.class, lifecycle::close);
    assertSame(first, failure.getCause());
    assertEquals(List.of(second), List.of(failure.getSuppressed()));
    assertEquals(List.of("policy"), closed);
  }

  private static AutoCloseable failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void anErrorDoesNotKeepTheRestOpen() {
    AssertionError error = new AssertionError();
    lifecycle.manage((AutoCloseable) () -> closed.add("policy"));
    lifecycle.manage((AutoCloseable) () -> {
      throw error;
    });
    assertSame(error, assertThrows(IllegalStateException.class, lifecycle::close).getCause());
    assertEquals(List.of("policy"), closed);
  }

  /** Forbidden: closing too early, such as inside a section, leaves a thread and guest memory behind for good. */
  @Test
  void whatCouldNotBeClosedIsClosedByTheNextCallInTheSameOrder() {
    boolean[] inSection = {true};
    for (String name : List.of("policy", "memory")) {
      lifecycle.manage((AutoCloseable) () -> {
        if (inSection[0]) {
          throw new IllegalStateException(name);
        }
        closed.add(name);
      });
    }
    assertThrows(IllegalStateException.class, lifecycle::close);
    assertThrows(IllegalStateException.class, lifecycle::close);
    inSection[0] = false;
    lifecycle.close();
    lifecycle.close();
    assertEquals(List.of("memory", "policy"), closed);
  }

  @Test
  void whatComesTooLateIsClosedAtOnce() {
    lifecycle.close();
    assertThrows(IllegalStateException.class, () -> lifecycle.manage((AutoCloseable) () -> closed.add("late")));
    assertEquals(List.of("late"), closed);
  }
}
