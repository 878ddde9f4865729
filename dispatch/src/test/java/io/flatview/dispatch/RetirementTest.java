package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.RejectedRetireException;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What commits do with a policy that makes them wait, or refuses. */
class RetirementTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();

  private Runnable beforeRetire = () -> {};
  private final DispatchMemory memory = DispatchMemory.create((ReclaimPolicy) Proxy.newProxyInstance(
      RetirementTest.class.getClassLoader(), new Class<?>[] {ReclaimPolicy.class}, (_, method, arguments) -> {
        if (method.getName().equals("retire")) {
          beforeRetire.run();
        }
        try {
          return method.invoke(policy, arguments);
        } catch (InvocationTargetException e) {
          throw e.getCause();
        }
      }));
  private final MemoryRegion.Container system = memory.container("system", Size.FULL);
  private final AddressSpace space = memory.addressSpace("memory", system);
  private final MemoryRegion.Mmio device = memory.mmio("device", Size.kib(4), new Registers());

  private void reject() {
    beforeRetire = () -> {
      throw new RejectedRetireException("test", 1, 1);
    };
  }

  private void endWell() {
    memory.close();
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks());
  }

  /**
   * A policy may throttle: a reader in a section that wants the lock would then wait for a thread that waits for it.
   */
  @Test
  void nobodyIsRetiringWithTheLockHeld() {
    MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
    beforeRetire = () -> assertEquals(
        1, CompletableFuture.supplyAsync(memory::addressSpaces).orTimeout(60, TimeUnit.SECONDS).join().size());
    memory.update(tx -> tx.addSubregion(system, 0x10000, ram));
    memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> {}).remove();
    memory.update(tx -> tx.delSubregion(ram).addSubregion(system, 0, device));
    ram.close();
    beforeRetire = () -> {};
    endWell();
  }

  @Test
  void memoryIsGivenBackThoughThePolicyRefusedIt() {
    MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
    memory.update(tx -> tx.addSubregion(system, 0, ram));
    memory.reader().store(space, 0, 4, 1);
    policy.runGracePeriod();
    reject();
    memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
    });
    assertEquals(1, memory.statistics().ramBlocks());
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks());
    endWell();
  }

  /** A change that renders nothing waits for earlier generations; that must not go wrong half-way. */
  @Test
  void aCommitThatThePolicyRefusesIsNotTakenBackLater() {
    memory.update(tx -> tx.addSubregion(system, 0, device));
    reject();
    Doorbell doorbell = Doorbell.at(0x10, () -> {});
    memory.update(tx -> tx.addDoorbell(device, doorbell));
    beforeRetire = () -> {};
    AddressSpace.Registration veto = space.addListener(new MemoryListener() {
      @Override
      public void plan(MapChange change) {
        throw new MapException(MapFault.Id.VETO, "no");
      }
    });
    assertThrows(MapException.class, () -> memory.update(tx -> tx.setEnabled(device, false)));
    assertEquals(List.of(doorbell), device.doorbells());
    veto.close();
    endWell();
  }

  /**
   * A thread is about to retire what its commit replaced, and is held up; another closes the memory system, and then
   * the policy. Forbidden: the policy closes, and refuses the first thread, so that memory is not given back.
   */
  @Test
  void thePolicyIsNeededUntilTheLastCommitIsRetired() throws InterruptedException {
    MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
    memory.update(tx -> tx.addSubregion(system, 0, ram));
    memory.reader().store(space, 0, 4, 1);
    policy.runGracePeriod();
    CountDownLatch retiring = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Thread committer = Thread.ofPlatform().daemon().unstarted(() -> memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
    }));
    beforeRetire = () -> {
      if (Thread.currentThread() == committer) {
        retiring.countDown();
        await(goOn);
      }
    };
    committer.start();
    await(retiring);
    memory.close();
    assertThrows(IllegalStateException.class, policy::close);
    goOn.countDown();
    assertTrue(committer.join(Duration.ofSeconds(60)));
    policy.close();
    assertEquals(0, memory.statistics().ramBlocks());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The map is published: so the commit succeeds, and the policy is offered what it left again. */
  @Test
  void whatAFailingPolicyDidNotTakeIsOfferedAgain() throws Exception {
    memory.update(tx -> tx.addSubregion(system, 0, device));
    TapRegistration tap = memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> {
      throw new IllegalStateException("a tap that fails is called no more");
    });
    memory.reader().load(space, 0, 4);
    beforeRetire = () -> {
      throw new IllegalStateException("no policy");
    };
    CommitTicket ticket = memory.update(_ -> {});
    beforeRetire = () -> {};
    assertTrue(CompletableFuture.supplyAsync(memory::addressSpaces).get(60, TimeUnit.SECONDS).contains(space));
    policy.runGracePeriod();
    assertTrue(ticket.awaitQuiesced(Duration.ZERO));
    tap.remove();
    endWell();
  }
}
