package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.contract.ChildJvm;
import io.flatview.rcu.contract.Puppet;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetireQueueTest {

  private static final ReclaimAction NOTHING = () -> {};
  private static final RetireQueue END = new RetireQueue(() -> 0);
  private static final int MANY = 1 << 16;
  private static final int ROUNDS = Boolean.getBoolean("flatview.long") ? 1_000_000 : 250;

  @Test
  void aQueueIsFinishedWhenItIsClosedAndEmpty() {
    RetireQueue queue = new RetireQueue(() -> 0);
    assertNotNull(queue.open(8, NOTHING));
    assertFalse(queue.finish());
    queue.close();
    assertFalse(queue.finish());
    assertNotNull(queue.take());
    assertTrue(queue.finish());
    assertNull(queue.open(8, NOTHING));
    assertEquals(1, queue.seal());
  }

  @Test
  void bagsAreTakenInTheOrderInWhichTheyWereOpened() {
    RetireQueue queue = new RetireQueue(() -> 0);
    RetireBag first = queue.open(8, NOTHING);
    RetireBag second = queue.open(8, NOTHING);
    assertEquals(2, queue.seal());
    RetireBag third = queue.open(8, NOTHING);
    RetireBag taken = queue.take();
    assertEquals(first, taken);
    assertEquals(second, taken.next);
    assertEquals(third, taken.next.next);
    assertNull(third.next);
    assertTrue(queue.isEmpty());
  }

  /**
   * One thread puts bags in until it is refused, another asks for figures, which seals what is there, and the
   * reclaiming thread closes, empties and goes. Forbidden: a bag enters after it has gone, is sealed before its owner
   * takes it back, and counts as accepted.
   */
  @Test
  void whatIsAcceptedWhileClosingIsTaken() {
    assertEquals(0, lostIn(ROUNDS, RetireQueue::finish, RetireQueueTest::isOpened));
  }

  /** As above, and between the halves of opening a bag the other threads run, which a busy machine seldom lets them. */
  @Test
  void whatIsAcceptedFromAThreadThatIsHeldUpIsTaken() {
    assertEquals(0, lostIn(ROUNDS, RetireQueue::finish, RetireQueueTest::isOpenedSlowly));
  }

  /** The twin goes when it finds the queue empty, and does not say so. */
  @Test
  void aReclaimerThatOnlyLooksLosesActions() {
    assertTrue(lostIn(Integer.MAX_VALUE, RetireQueue::isEmpty, RetireQueueTest::isOpenedSlowly) > 0);
  }

  @Test
  void aBagThatEntersTheFinishedQueueIsRefusedThoughItIsSealedBeforeItsOwnerLooks() {
    RetireQueue queue = new RetireQueue(() -> 0);
    queue.close();
    assertTrue(queue.finish());
    RetireBag late = queue.enter(8, NOTHING);
    assertEquals(0, queue.seal());
    assertFalse(queue.isAccepted(late));
  }

  /** Forbidden: the bag has left its place and was not handed over, so that the next attempt waits for it for ever. */
  @Test
  void aBagThatIsTakenWhenMemoryIsExhaustedIsTakenOnce() {
    List<String> flags = List.of("-Xmx24m", "-XX:+UseSerialGC");
    assertEquals(List.of("1"), ChildJvm.linesOf(RetireQueueProbe.class, flags).toList());
  }

  private static boolean isOpened(RetireQueue queue) {
    return queue.open(8, NOTHING) != null;
  }

  private static boolean isOpenedSlowly(RetireQueue queue) {
    RetireBag bag = queue.enter(8, NOTHING);
    Thread.yield();
    return queue.isAccepted(bag);
  }

  /** How many actions were accepted and not taken, in so many rounds; ends with the first. */
  private static long lostIn(int rounds, Predicate<RetireQueue> isOver, Predicate<RetireQueue> open) {
    AtomicReference<RetireQueue> present = new AtomicReference<>();
    AtomicLong accepted = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    long taken = 0;
    try (Puppet owner = Puppet.platform(); Puppet reporter = Puppet.platform()) {
      Future<?> retiring = owner.begin(() -> retire(present, open, accepted, refused));
      Future<?> figures = reporter.begin(() -> seal(present));
      for (int i = 0; i < rounds && accepted.get() == taken; i++) {
        RetireQueue queue = new RetireQueue(() -> 0);
        present.set(queue);
        taken += takeUntil(queue, isOver, i % 64);
        awaitRefusal(refused, i);
      }
      present.set(END);
      Puppet.result(retiring);
      Puppet.result(figures);
    }
    return accepted.get() - taken;
  }

  /** Puts bags into one queue after the other, into each until it is refused. */
  private static void retire(
      AtomicReference<RetireQueue> present, Predicate<RetireQueue> open, AtomicLong accepted, AtomicLong refused) {
    RetireQueue last = null;
    while (present.get() != END) {
      RetireQueue queue = present.get();
      if (queue != last) {
        last = queue;
        for (int bags = 0; open.test(queue); bags++) {
          accepted.incrementAndGet();
          LockSupport.parkNanos(bags < MANY ? 0 : 1_000_000); // else bags fill the heap while no thread takes them
        }
        refused.incrementAndGet();
      }
      Thread.yield();
    }
  }

  private static void seal(AtomicReference<RetireQueue> present) {
    while (present.get() != END) {
      if (present.get() != null) {
        present.get().seal();
      }
      Thread.yield();
    }
  }

  private static void awaitRefusal(AtomicLong refused, int round) {
    while (refused.get() <= round) {
      Thread.yield();
    }
  }

  private static long takeUntil(RetireQueue queue, Predicate<RetireQueue> isOver, int delay) {
    for (int i = 0; i < delay; i++) {
      Thread.onSpinWait();
    }
    queue.close();
    long taken = 0;
    while (!isOver.test(queue)) {
      for (RetireBag bag = queue.take(); bag != null; bag = bag.next) {
        taken += bag.count();
      }
    }
    return taken;
  }
}
