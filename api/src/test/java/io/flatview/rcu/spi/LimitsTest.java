package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.MemoryLimit;
import io.flatview.rcu.ReclaimOptions;
import org.junit.jupiter.api.Test;

/** The counts at the limits do not overflow, whatever the sizes, and no block is counted that the close let go. */
class LimitsTest {

  private static final int CROWD = 24;

  private final MemoryLoad memory =
      new MemoryLoad("test", new MemoryLimit(1_000, Long.MAX_VALUE, BacklogPolicy.THROTTLE));

  /** Another thread retired, and its actions ran, between the two looks at the counts. */
  @Test
  void roomBelowTheLargestLimitIsNotLostToAnOverflow() {
    RetireQueue queue = new RetireQueue(() -> 5);
    assertEquals(8, queue.reserve(8, Long.MAX_VALUE));
  }

  @Test
  void theSumOfSizesEndsAtTheLargestNumber() {
    long first = memory.reserve(10);
    long second = memory.reserve(Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, memory.bytes());
    assertFalse(memory.hasRoom());
    assertEquals(MemoryLoad.REFUSED, memory.reserve(1));
    long third = memory.reserveBeyond(Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE, memory.bytes());
    memory.release(first);
    memory.release(third);
    assertEquals(Long.MAX_VALUE - 10, memory.bytes());
    assertTrue(memory.hasRoom());
    memory.release(second);
    assertEquals(0, memory.bytes());
    assertEquals(0, memory.blocks());
  }

  /** The policy is closed just when a writer pauses, as many blocks wait. */
  @Test
  void aBlockWhoseWriterPausesWhenThePolicyClosesIsRefused() {
    RetireQueue queue = new RetireQueue(() -> 0);
    Backlog backlog = new Backlog("test", ReclaimOptions.defaults(), queue, () -> 0);
    Retirement retirement = new Retirement(ReclaimOptions.defaults(), backlog, memory, queue, new Progress());
    ThreadReaders own = new ThreadReaders();
    for (int i = 1; i < CROWD; i++) {
      assertEquals(1, retirement.admit(own, 1, () -> true, () -> {}));
    }
    assertEquals(MemoryLoad.REFUSED, retirement.admit(own, 1, () -> true, queue::close));
    assertEquals(CROWD - 1, memory.blocks());
    assertEquals(CROWD - 1, memory.bytes());
  }

  /** An action that was retired later ran between the two looks at the counts. */
  @Test
  void theBacklogIsNeverNegative() {
    RetireQueue queue = new RetireQueue(() -> 0);
    Backlog backlog = new Backlog("test", ReclaimOptions.defaults(), queue, () -> {
      queue.open(1, () -> {});
      return 0;
    });
    assertEquals(1, backlog.size());
  }
}
