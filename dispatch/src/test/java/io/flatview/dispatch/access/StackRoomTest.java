package io.flatview.dispatch.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Where the room was asked for and was there, fifty calls of a small method end well, compiled or not. */
class StackRoomTest {

  private static final int CALLS = 50;
  private static final int WARM_UP = 50_000;

  private int depth;

  private void call() {
    depth++;
    call();
  }

  private static boolean isRefused(Runnable room) {
    try {
      room.run();
      return false;
    } catch (StackOverflowError _) {
      return true;
    }
  }

  /** Goes down to where the room is refused, one frame below the last where it was granted; then counts calls. */
  private void descend(Runnable room) {
    if (isRefused(room)) {
      call();
    }
    descend(room);
  }

  private int measured(Runnable room) throws InterruptedException {
    depth = 0;
    Thread thread = new Thread(null, () -> overflow(room), "shallow", 512 << 10);
    thread.start();
    thread.join();
    return depth;
  }

  private void overflow(Runnable room) {
    try {
      descend(room);
    } catch (StackOverflowError _) {
      // The end of the stack.
    }
  }

  @Test
  void thereIsRoomForCallsWhereItWasGranted() throws InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      StackRoom.requireForSure();
      if (i % 10_000 == 0) {
        int left = measured(StackRoom::requireForSure);
        assertTrue(left >= CALLS, () -> left + " calls");
      }
    }
    int compiled = measured(StackRoom::requireForSure);
    assertTrue(compiled >= CALLS, () -> compiled + " calls");
  }

  /** The twin asks for nothing, and is refused at the very end. */
  @Test
  void withoutALookThereIsNone() throws InterruptedException {
    int left = measured(() -> {});
    assertTrue(left < CALLS, () -> left + " calls");
  }
}
