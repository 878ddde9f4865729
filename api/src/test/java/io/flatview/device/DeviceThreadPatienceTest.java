package io.flatview.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceThreadPatienceTest {

  /** Forbidden: the process is stopped for a second, and a thread that had no time is left to end by itself. */
  @Test
  void aHostThatIsHeldUpForLongerThanThePatienceCostsOneStep() {
    Iterator<Boolean> ends = List.of(false, true).iterator();
    assertTrue(DeviceThread.endsInTime(_ -> {
      Thread.sleep(DeviceThread.PATIENCE);
      return ends.next();
    }));
  }

  @Test
  void aThreadThatDoesNotEndIsLeft() {
    Duration[] waited = {Duration.ZERO};
    assertFalse(DeviceThread.endsInTime(longest -> {
      waited[0] = waited[0].plus(longest);
      return false;
    }));
    assertEquals(DeviceThread.PATIENCE, waited[0]);
  }

  /** Forbidden: a program that ends by interrupts goes on to close what the device's thread still uses. */
  @Test
  void anInterruptNeitherCutsTheWaitNorIsLost() {
    Thread.currentThread().interrupt();
    boolean[] asked = {false};
    assertTrue(DeviceThread.endsInTime(longest -> {
      Thread.sleep(longest);
      asked[0] = true;
      return true;
    }));
    assertTrue(Thread.interrupted());
    assertTrue(asked[0]);
  }
}
