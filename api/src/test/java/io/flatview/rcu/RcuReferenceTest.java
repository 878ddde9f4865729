package io.flatview.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RcuReferenceTest {

  private static final long ENOUGH = TimeUnit.SECONDS.toNanos(20);

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();

  /** Counts how often it was freed. */
  private static final class Block {
    final AtomicInteger freed = new AtomicInteger();
  }

  @Test
  void followingGivesWhatWasAssignedLast() {
    RcuReference<String> reference = new RcuReference<>(policy, "first");
    assertEquals("first", reference.dereferenceProtected());
    reference.assign("second");
    assertEquals("second", reference.dereferenceProtected());
    reference.assign(null);
    assertNull(reference.dereferenceProtected());
  }

  @Test
  void anExchangeGivesWhatItReplaced() {
    RcuReference<String> reference = new RcuReference<>(policy, "first");
    assertEquals("first", reference.exchange("second"));
    assertEquals("second", reference.exchange(null));
  }

  @Test
  void onlyWhatWasExpectedIsReplaced() {
    RcuReference<String> reference = new RcuReference<>(policy, "first");
    assertFalse(reference.compareAndSet("second", "third"));
    assertTrue(reference.compareAndSet("first", "third"));
    assertEquals("third", reference.dereferenceProtected());
  }

  @Test
  void whatIsReplacedIsFreedAfterAGracePeriod() {
    RcuReference<Block> reference = new RcuReference<>(policy, null);
    Block first = new Block();
    reference.replace(first, block -> block.freed.incrementAndGet());
    assertEquals(0, policy.pending());
    reference.replace(new Block(), block -> block.freed.incrementAndGet());
    assertEquals(0, first.freed.get());
    policy.runGracePeriod();
    assertEquals(1, first.freed.get());
  }

  @Test
  void whatCannotBeRetiredIsPutBack() {
    RcuReference<Block> reference = new RcuReference<>(policy, new Block());
    final Block before = reference.dereferenceProtected();
    policy.close();
    assertThrows(IllegalStateException.class, () -> reference.replace(new Block(), block -> {}));
    assertEquals(before, reference.dereferenceProtected());
  }

  /** Two writers read and then assign: both may read the same target, and free it twice. That is the broken twin. */
  @Test
  void writersWithoutALockFreeEachTargetOnce() throws Exception {
    RcuReference<Block> reference = new RcuReference<>(policy, new Block());
    List<Block> blocks = new ArrayList<>(List.of(reference.dereferenceProtected()));
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
      for (Future<List<Block>> made : List.of(
          writers.submit(() -> replace(reference, start)), writers.submit(() -> replace(reference, start)))) {
        blocks.addAll(made.get());
      }
    }
    policy.runGracePeriod();
    blocks.remove(reference.dereferenceProtected());
    assertTrue(blocks.stream().allMatch(block -> block.freed.get() == 1));
  }

  private static List<Block> replace(RcuReference<Block> reference, CyclicBarrier start) throws Exception {
    List<Block> made = new ArrayList<>();
    start.await();
    final long begin = System.nanoTime();
    for (int i = 0; i < 5_000 && System.nanoTime() - begin < ENOUGH; i++) {
      Block next = new Block();
      made.add(next);
      reference.replace(next, block -> block.freed.incrementAndGet());
    }
    return made;
  }
}
