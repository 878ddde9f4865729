package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.Await;
import io.flatview.rcu.contract.Puppet;
import io.flatview.rcu.contract.RemoteReader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that waits for a ticket, or code that depends on it, goes on when the ticket ends in any way. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GivenUpTicketTest {

  private static final Duration SHORT = Duration.ofMillis(30);

  /** The earlier action makes the handover wait for a second grace period. Forbidden: its own reader holds that up. */
  @Test
  void aThreadThatAwaitsATicketIsNotHeldUpByItsOwnReader() throws InterruptedException {
    CountDownLatch finish = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (ReclaimPolicy policy = ReclaimPolicies.discover("qsbr"); Reader own = policy.register("vcpu");
        DispatchMemory memory = DispatchMemory.create(policy); Puppet other = Puppet.platform()) {
      policy.retire(() -> {
        begun.countDown();
        finish.await();
      });
      own.offline();
      begun.await();
      own.online();
      CommitTicket ticket = place(memory);
      Thread waiting = Thread.currentThread();
      other.begin(() -> {
        Await.until("the thread waits for the action", () -> isIn(waiting, "ran"));
        finish.countDown();
      });
      assertTrue(ticket.awaitQuiesced(Duration.ofSeconds(20)));
    } finally {
      finish.countDown();
    }
  }

  private static boolean isIn(Thread thread, String method) {
    return Stream.of(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals(method));
  }

  /** A reader stays; the first handover fills the backlog, so that the second waits for a grace period of its own. */
  @Test
  void allThatWaitsForTheOldMapFailsWhenThePolicyGivesUp() throws Exception {
    ReclaimPolicy policy =
        ReclaimPolicies.discover("epoch", ReclaimOptions.defaults().withBacklog(1, BacklogPolicy.REJECT));
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy)) {
      DispatchMemory memory = DispatchMemory.create(policy);
      final MemoryRegion never = memory.mmio("never closed", Size.kib(4), new Registers());
      MemoryRegion.Container root = memory.container("root", Size.kib(64));
      MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
      memory.addressSpace("space", root);
      memory.update(tx -> tx.addSubregion(root, 0, ram));
      policy.barrier();
      reader.enter();
      final CommitTicket first = memory.update(tx -> tx.delSubregion(ram));
      ram.close();
      final CommitTicket second = place(memory);
      final CompletionStage<Void> released = ram.released();
      final CompletionStage<Void> ended = never.released();
      final CompletionStage<Void> stage = second.quiesced();
      memory.close();
      policy.close(SHORT);
      assertGivenUp(first.quiesced());
      assertGivenUp(stage);
      assertGivenUp(released);
      assertGivenUp(ended);
      assertThrows(IllegalStateException.class, () -> first.awaitQuiesced(SHORT));
      assertThrows(IllegalStateException.class, () -> second.awaitQuiesced(SHORT));
      reader.leave();
    }
  }

  private static void assertGivenUp(CompletionStage<Void> stage) {
    ExecutionException failure = assertThrows(
        ExecutionException.class, () -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS));
    assertInstanceOf(IllegalStateException.class, failure.getCause());
  }

  /** The device holds its lock. Forbidden: code that depends on the ticket runs under that. */
  @Test
  void codeThatDependsOnATransactionOfADeviceRunsInAThreadOfItsOwn() throws Exception {
    AtomicReference<CompletableFuture<Thread>> ran = new AtomicReference<>();
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container root = memory.container("root", Size.kib(64));
      AddressSpace space = memory.addressSpace("space", root);
      storeToDevice(memory, root, space, () -> ran.set(refused(memory, root)));
      assertTrue(ran.get().get(30, TimeUnit.SECONDS).isVirtual());
    }
  }

  private static void storeToDevice(
      DispatchMemory memory, MemoryRegion.Container root, AddressSpace space, Runnable callback) {
    MemoryRegion device = memory.mmio("device", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        callback.run();
      }
    });
    memory.update(tx -> tx.addSubregion(root, 0, device));
    memory.reader().store(space, 0, 4, 1);
  }

  /** A transaction that is refused when the access has ended, since the region has no room. */
  private static CompletableFuture<Thread> refused(DispatchMemory memory, MemoryRegion.Container root) {
    try (Transaction transaction = memory.begin()) {
      transaction.addSubregion(root, 0, root);
      return transaction.commit().quiesced().handle((_, _) -> Thread.currentThread()).toCompletableFuture();
    }
  }

  @Test
  void codeThatDependsOnATransactionOfADeviceRunsAfterItsCommit() throws Exception {
    AtomicReference<CommitTicket> ticket = new AtomicReference<>();
    AtomicReference<CompletableFuture<Long>> seen = new AtomicReference<>();
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container root = memory.container("root", Size.kib(64));
      AddressSpace space = memory.addressSpace("space", root);
      storeToDevice(memory, root, space, () -> {
        ticket.set(memory.update(tx -> tx.addSubregion(root, 0x1000, memory.container("other", Size.kib(4)))));
        seen.set(ticket.get().quiesced().thenApply(_ -> ticket.get().generation()).toCompletableFuture());
      });
      assertEquals(ticket.get().generation(), seen.get().get(30, TimeUnit.SECONDS));
      assertTrue(ticket.get().awaitQuiesced(Duration.ofSeconds(30)));
    }
  }

  private static CommitTicket place(DispatchMemory memory) {
    MemoryRegion.Container root = memory.container("placed", Size.kib(64));
    memory.addressSpace("placed", root);
    return memory.update(tx -> tx.addSubregion(root, 0, memory.mmio("uart", Size.kib(4), new Registers())));
  }
}
