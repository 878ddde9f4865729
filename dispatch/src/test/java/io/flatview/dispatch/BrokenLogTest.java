package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.device.DeviceThread;
import io.flatview.device.DmaPort;
import io.flatview.mapping.host.Hold;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import io.flatview.rcu.contract.RemoteReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log that throws keeps nothing from being closed, or from going on. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenLogTest {

  /** The texts of all warnings, also of memory systems that other tests have dropped and that are collected now. */
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("io.flatview");
  private final Handler broken = new Handler() {
    @Override
    public void publish(LogRecord warning) {
      refused.add(warning.getMessage() + ": " + warning.getThrown());
      throw new UnsupportedOperationException("planted: the disk of the log is full");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void breakTheLog() {
    logger.setUseParentHandlers(false);
    logger.addHandler(broken);
  }

  @AfterEach
  void logAsBefore() {
    logger.removeHandler(broken);
    logger.setUseParentHandlers(true);
  }

  private long refused(String part) {
    return refused.stream().filter(text -> text.contains(part)).count();
  }

  @Test
  void aMemorySystemWithALeakIsClosed() {
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy()) {
      DispatchMemory memory = DispatchMemory.create(policy);
      memory.ram("forgotten", Size.kib(4));
      memory.close();
      assertEquals(1, refused("memory 'forgotten'"));
      assertThrows(IllegalStateException.class, memory::begin);
    }
  }

  /** Forbidden: the next thread gets the failure of the log for the transaction that another one left open. */
  @Test
  void theMapIsFreeAfterAThreadThatEndedWithATransactionOpen() throws InterruptedException {
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy();
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.kib(4));
      Thread forgetful = Thread.ofPlatform().name("forgetful").start(() -> memory.begin().setEnabled(system, false));
      forgetful.join();
      memory.update(tx -> tx.setNoFetch(system, true));
      assertTrue(system.isEnabled());
      assertEquals(1, refused("thread 'forgetful'"));
    }
  }

  /** Forbidden: the guest's access fails with the log. */
  @Test
  void anAccessWhoseTapFailsIsMade() {
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy();
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.kib(4));
      AddressSpace space = memory.addressSpace("space", system);
      memory.update(tx -> tx.addSubregion(system, 0, memory.mmio("device", Size.kib(4), new Registers())));
      memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> {
        throw new IllegalStateException("planted: a tap fails");
      });
      assertEquals(4, memory.reader().load(space, 4, 4));
      assertEquals(1, refused("planted: a tap fails"));
    }
  }

  /** Forbidden: the thread ends, and the device serves nothing any more. */
  @Test
  void aDeviceThreadWhoseWorkFailsServesOn() {
    AtomicInteger served = new AtomicInteger();
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy();
        DispatchMemory memory = DispatchMemory.create(policy)) {
      AddressSpace space = memory.addressSpace("space", memory.container("system", Size.kib(4)));
      DeviceThread thread = new DeviceThread("device", memory, space, new DeviceThread.Work() {
        @Override
        public void serve(DmaPort port) {
          served.incrementAndGet();
          throw new IllegalStateException("planted: the work fails");
        }

        @Override
        public void failed(Throwable cause) {
          throw new IllegalStateException("planted: the report to the guest fails");
        }
      });
      for (int i = 1; i <= 2; i++) {
        int times = i;
        thread.wake();
        Await.until("the device has served " + times + " times", () -> served.get() >= times);
        Await.until("the log was called " + times + " times", () -> refused("device thread 'device'") >= times);
      }
      thread.close();
    }
  }

  /** Forbidden: the close of a device whose thread is in a request throws, and what is closed after it stays open. */
  @Test
  void aDeviceThreadThatDoesNotEndInTimeIsLeftToEnd() {
    CountDownLatch serving = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (ManualReclaimPolicy policy = new ManualReclaimPolicy();
        DispatchMemory memory = DispatchMemory.create(policy)) {
      AddressSpace space = memory.addressSpace("space", memory.container("system", Size.kib(4)));
      DeviceThread thread = new DeviceThread("slow device", memory, space, new DeviceThread.Work() {
        @Override
        public void serve(DmaPort port) throws InterruptedException {
          serving.countDown();
          goOn.await();
        }

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void ended() {
          ended.countDown();
        }
      });
      thread.wake();
      Await.until("the device serves", () -> serving.getCount() == 0);
      thread.close();
      assertEquals(1, refused("device thread 'slow device' is left"));
      goOn.countDown();
      Await.until("the thread ends", () -> ended.getCount() == 0);
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void memoryThatIsDroppedIsGivenBack() {
    AtomicInteger givenBack = new AtomicInteger();
    Hold hold = new Hold(givenBack::incrementAndGet, () -> {
      throw new UnsupportedOperationException("planted: no log");
    });
    assertThrows(UnsupportedOperationException.class, hold::dropped);
    assertEquals(1, givenBack.get());
  }

  /** Forbidden: a stall that cannot be logged closes the policy, or the close that gave up throws. */
  @Test
  void aPolicyThatStallsGoesOnAndIsClosed() {
    ReclaimPolicy policy = ReclaimPolicies.discover("epoch", ReclaimOptions.defaults()
        .withStallThreshold(Duration.ofMillis(10)).withCloseDeadline(Duration.ofMillis(10)));
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      reader.enter();
      policy.retire(() -> {});
      Await.until("the stall was reported", () -> refused("has been held up") > 0);
      assertFalse(policy.startGracePeriod().poll());
      policy.close();
      assertEquals(1, policy.statistics().backlog());
      reader.leave();
    }
  }
}
