package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.ReclaimEngine;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** A pin is taken or not, and a pin or a mapping ended or not, wherever the stack ends. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PinOverflowTest {

  private static final int TIMES = 40;
  private static final long SMALL_STACK = 192 << 10;

  private final ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound());
  private final Mapping mapping = Mappings.of(policy).anonymous(8_192);
  private Mapping.Pin pin;
  private int overflows;

  @RepeatedTest(TIMES)
  void aPinThatFoundNoStackIsNotHeld() throws InterruptedException {
    onTheWayBack(() -> pin = mapping.pin());
    pin.close();
    closeMapping();
    assertReleased();
  }

  @RepeatedTest(TIMES)
  void aPinThatFoundNoStackToEndCanBeClosedAgain() throws InterruptedException {
    pin = mapping.pin();
    closeMapping();
    onTheWayBack(pin::close);
    pin.close();
    assertReleased();
  }

  @RepeatedTest(TIMES)
  void aMappingThatFoundNoStackToCloseCanBeClosedAgain() throws InterruptedException {
    onTheWayBack(mapping::close);
    closeMapping();
    assertReleased();
  }

  @AfterEach
  void close() {
    policy.close();
  }

  private void closeMapping() {
    mapping.close();
    policy.barrier();
  }

  private void assertReleased() {
    CompletableFuture<Void> released = mapping.released().toCompletableFuture();
    assertTrue(released.isDone(), overflows + " overflows");
    assertFalse(released.isCompletedExceptionally(), overflows + " overflows");
    assertTrue(overflows > 0);
  }

  private void onTheWayBack(Runnable action) throws InterruptedException {
    Thread thread = new Thread(null, () -> isDone(action), "overflowing", SMALL_STACK);
    thread.start();
    thread.join();
  }

  /** Goes to the end of the stack, and back until the action passes. */
  private boolean isDone(Runnable action) {
    boolean done = false;
    try {
      done = isDone(action);
    } catch (StackOverflowError e) {
      // the last frame
    }
    try {
      if (!done) {
        action.run();
      }
      return true;
    } catch (StackOverflowError e) {
      overflows++;
      return false;
    }
  }
}
