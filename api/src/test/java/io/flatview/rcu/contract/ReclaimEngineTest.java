package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.ReclaimEngine;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReclaimEngineTest {

  @Test
  void aThreadThatReadDoesNotKeepAClosedPolicyAlive() {
    WeakReference<ReclaimPolicy> policy = new WeakReference<>(usedAndClosed());
    Await.until("the policy was collected", () -> {
      System.gc();
      return policy.refersTo(null);
    });
  }

  @Test
  void aRegistryDoesNotKeepAnEndedThreadAlive() throws InterruptedException {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound())) {
      WeakReference<Thread> thread = new WeakReference<>(readInThread(policy));
      Await.until("the thread was collected", () -> {
        System.gc();
        return thread.refersTo(null);
      });
      policy.synchronize();
      assertEquals(0, policy.statistics().readers());
    }
  }

  @Test
  void theReclaimingThreadIsADaemonAndEndsWithThePolicy() {
    ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound());
    Thread[] thread = new Thread[1];
    policy.retire(() -> thread[0] = Thread.currentThread());
    policy.barrier();
    assertEquals("flatview-rcu-test", thread[0].getName());
    assertEquals(true, thread[0].isDaemon());
    policy.close();
    Await.until("the thread has ended", () -> !thread[0].isAlive());
  }

  /** A flavour that throws: its failure ends every wait, which would last for ever otherwise. */
  @Test
  void aFlavourThatFailsEndsThePolicyForAll() {
    FailingFlavour flavour = new FailingFlavour(new ArithmeticException("planted"));
    flavour.failing = true;
    ReclaimPolicy policy = new ReclaimEngine(flavour);
    assertThrows(IllegalStateException.class, policy::synchronize);
    assertThrows(IllegalStateException.class, () -> policy.retire(() -> {}));
    assertEquals(0, policy.close(Duration.ofSeconds(1)));
  }

  /** The reclaiming thread is in an action. Forbidden: a virtual thread waits for it, though the flavour has failed. */
  @Test
  void aFlavourThatFailsUnderALongActionEndsThePolicyForAll() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    FailingFlavour flavour = new FailingFlavour(new ArithmeticException("planted"));
    ReclaimPolicy policy = new ReclaimEngine(flavour);
    try (Puppet writer = Puppet.virtual()) {
      policy.retire(() -> {
        begun.countDown();
        finish.await();
      });
      Await.until("the action runs", () -> begun.getCount() == 0);
      flavour.failing = true;
      Future<?> step = writer.begin(policy::synchronize);
      IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> Puppet.result(step));
      assertEquals("planted", refusal.getCause().getMessage());
    } finally {
      finish.countDown();
    }
    assertEquals(0, policy.close(Duration.ofSeconds(30)));
  }

  /** The reclaiming thread may have run one more, for the first request. */
  @Test
  void aGracePeriodThatWasBrokenOffIsNotCounted() {
    FailingFlavour flavour = new FailingFlavour(new OutOfMemoryError("planted"));
    try (ReclaimPolicy policy = new ReclaimEngine(flavour)) {
      flavour.failing = true;
      assertThrows(OutOfMemoryError.class, policy::synchronize);
      flavour.failing = false;
      policy.synchronize();
      assertEquals(flavour.sound.begun.get(), policy.statistics().gracePeriods());
    }
  }

  /** An idle policy is asleep; forbidden: it stays asleep when something is retired at the moment it falls asleep. */
  @Test
  void nothingRetiredIsEverSleptOver() {
    try (ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound())) {
      for (int i = 0; i < 5_000; i++) {
        policy.retire(() -> {});
        policy.barrier();
      }
      assertEquals(5_000, policy.statistics().reclaimed());
    }
  }

  /** Forbidden: the reclaiming thread, woken for another reason, runs one more after the one that a thread runs. */
  @Test
  void noGracePeriodIsRunThatNoThreadAskedFor() {
    CountingFlavour flavour = new CountingFlavour();
    ReclaimPolicy policy = new ReclaimEngine(flavour);
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy); Puppet writer = Puppet.platform()) {
      reader.enter();
      Future<?> step = writer.begin(policy::synchronize);
      Await.until("a grace period has begun", () -> flavour.begun.get() == 1);
      policy.barrier();
      Await.pause(50);
      reader.leave();
      Puppet.result(step);
    }
    assertEquals(0, policy.close(Duration.ofSeconds(60)));
    assertEquals(1, flavour.begun.get());
  }

  @Test
  void aNegativeOrEndlessTimeLimitIsLegal() throws InterruptedException {
    ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound());
    Reader reader = policy.currentReader();
    reader.enter().close();
    assertEquals(true, policy.startGracePeriod().await(Duration.ofSeconds(Long.MAX_VALUE)));
    policy.close(Duration.ofSeconds(-1));
    policy.close(Duration.ofSeconds(Long.MAX_VALUE));
  }

  private static ReclaimPolicy usedAndClosed() {
    ReclaimPolicy policy = new ReclaimEngine(TestFlavour.sound());
    try (ReadSection _ = policy.currentReader().enter()) {
      policy.retire(() -> {});
    }
    policy.close();
    return policy;
  }

  private static Thread readInThread(ReclaimPolicy policy) throws InterruptedException {
    Thread thread = Thread.ofPlatform().start(() -> policy.currentReader().enter().close());
    thread.join(TimeUnit.SECONDS.toMillis(30));
    return thread;
  }

  private static final class CountingFlavour implements Flavour {

    private final Flavour sound = TestFlavour.sound();
    private final AtomicInteger begun = new AtomicInteger();

    @Override
    public String name() {
      return sound.name();
    }

    @Override
    public SlotReader newReader(Registration registration) {
      return sound.newReader(registration);
    }

    @Override
    public Scan begin(List<SlotReader> readers) {
      begun.incrementAndGet();
      return sound.begin(readers);
    }
  }

  private static final class FailingFlavour implements Flavour {

    private final Throwable failure;
    private final CountingFlavour sound = new CountingFlavour();
    private volatile boolean failing;

    FailingFlavour(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public SlotReader newReader(Registration registration) {
      return sound.newReader(registration);
    }

    @Override
    public Scan begin(List<SlotReader> readers) {
      if (failing && failure instanceof Error error) {
        throw error;
      } else if (failing) {
        throw (RuntimeException) failure;
      }
      return sound.begin(readers);
    }
  }
}
