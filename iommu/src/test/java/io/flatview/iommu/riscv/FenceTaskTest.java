package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.RemoteReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the command queue goes on behind a fence that had to wait: not in the thread that reclaims. */
class FenceTaskTest extends OnAnIommu {

  private static final long FENCE = 2 | 1 << 10 | 1 << 12 | 1L << 32;
  private static final long DEVICE_AT = 0x2000_0000L;

  private static final MmioHandler QUICK = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  /** A device that takes its time. */
  private static final class Slow implements MmioHandler {

    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);

    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      entered.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void place(MmioHandler device) {
    memory.update(tx -> tx.addSubregion(board, DEVICE_AT, memory.mmio("device", Size.kib(4), device)));
  }

  @Test
  @Timeout(120)
  void aSlowDeviceHoldsUpItsQueueAndNotReclamation() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    tasks = task -> threads.add(Thread.ofVirtual().start(task));
    Slow device = new Slow();
    place(device);
    command(FENCE, DEVICE_AT >>> 2);
    command(1, 0);
    policy.runGracePeriod();
    device.entered.await();
    boolean[] reclaimed = {false};
    policy.retire(() -> reclaimed[0] = true);
    assertEquals(0, get4(RegisterFile.CQH));
    device.released.countDown();
    threads.getFirst().join();
    assertEquals(2, get4(RegisterFile.CQH));
    policy.runGracePeriod();
    assertTrue(reclaimed[0]);
  }

  @Test
  void anExecutorThatRefusesLeavesTheTaskToTheReclaimingThread() {
    tasks = _ -> {
      throw new RejectedExecutionException("closed");
    };
    place(QUICK);
    command(FENCE, DEVICE_AT >>> 2);
    policy.runGracePeriod();
    assertEquals(1, get4(RegisterFile.CQH));
  }

  /** Forbidden: the guest waits for ever, or learns that the accesses have ended. */
  @Test
  void aFenceWhoseGracePeriodIsGivenUpIsAnError() {
    place(QUICK);
    try (RemoteReader remote = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      remote.enter();
      set4(RegisterFile.FCTL, 1 << 1);
      set4(RegisterFile.CQCSR, 1 | QueueRegisters.INTERRUPT_ENABLE);
      command(FENCE, DEVICE_AT >>> 2);
      memory.close();
      policy.close(Duration.ZERO);
      assertEquals(List.of("0+"), wires, "the guest is told");
      assertEquals(0, get4(RegisterFile.CQH));
      assertEquals(1 << 8, get4(RegisterFile.CQCSR) & 1 << 8, "the fault of a command's memory");
      remote.leave();
    }
  }

  @Test
  void aFenceThatWaitsWhenTheIommuIsClosedComesToNothing() {
    List<Runnable> waiting = new ArrayList<>();
    tasks = waiting::add;
    long at = frames(1);
    command(FENCE, at >>> 2);
    policy.runGracePeriod();
    iommu.close();
    waiting.forEach(Runnable::run);
    command(2 | 1 << 10 | 1L << 32, at >>> 2);
    assertEquals(0, word(at), "nothing runs after the end");
  }

  @Test
  @Timeout(120)
  void closingWaitsForATaskThatIsUnderWay() throws InterruptedException {
    tasks = Thread::startVirtualThread;
    Slow device = new Slow();
    place(device);
    command(FENCE, DEVICE_AT >>> 2);
    policy.runGracePeriod();
    device.entered.await();
    Thread closer = Thread.ofPlatform().start(iommu::close);
    Await.until("the close waits", () -> closer.getState() == Thread.State.WAITING);
    device.released.countDown();
    closer.join();
    assertFalse(closer.isAlive());
  }

  /** A device may close the IOMMU whose fence writes to it. */
  @Test
  @Timeout(120)
  void aTaskMayCloseItsOwnIommu() {
    place(new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        iommu.close();
      }
    });
    command(FENCE, DEVICE_AT >>> 2);
    policy.runGracePeriod();
    assertEquals(0, get4(RegisterFile.CQH));
  }
}
