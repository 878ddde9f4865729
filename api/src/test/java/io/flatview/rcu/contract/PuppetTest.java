package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PuppetTest {

  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch latch = new CountDownLatch(1);

  private void pass() {
    lock.lock();
    lock.unlock();
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Forbidden: a thread that sleeps for a lock, and has not come to its wait, is taken for waiting. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aThreadWaitsInAMethodOnceItSleepsThereForNoLock(boolean virtual) {
    lock.lock();
    try (Puppet puppet = virtual ? Puppet.virtual() : Puppet.platform()) {
      puppet.tell(() -> { });
      Future<?> step = puppet.begin(this::pass);
      Await.until("the thread wants the lock", lock::hasQueuedThreads);
      Await.notFor("it is taken for waiting", () -> puppet.waitsIn("pass"));
      lock.unlock();
      Await.until("the thread waits", () -> puppet.waitsIn("pass"));
      assertFalse(puppet.waitsIn("run away"));
      latch.countDown();
      Puppet.result(step);
    }
  }
}
