package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.RegionLabels;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.BacklogPolicy;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A listener holds the map's lock, for which a reader inside its section may wait: so it must not wait for readers. On
 * every flavour.
 */
class NoWaitingInCallbacksTest {

  private static final List<Consumer<ReclaimPolicy>> WAITS = List.of(
      ReclaimPolicy::synchronize, ReclaimPolicy::synchronizeExpedited, ReclaimPolicy::barrier,
      policy -> policy.close(Duration.ofSeconds(1)), NoWaitingInCallbacksTest::await);

  private static void await(ReclaimPolicy policy) {
    try {
      policy.startGracePeriod().await(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static List<?> policies() {
    return OnAPolicy.policies().toList();
  }

  /** Each transaction holds its map's lock, whichever began first. */
  @ParameterizedTest
  @MethodSource("policies")
  void transactionsOfTwoMemorySystemsForbidWaitingUntilTheLastHasEnded(Supplier<ReclaimPolicy> made) {
    ReclaimPolicy policy = made.get();
    try (DispatchMemory one = DispatchMemory.create(policy); DispatchMemory other = DispatchMemory.create(policy)) {
      try (Transaction first = one.begin(); Transaction second = other.begin()) {
        first.commit();
        assertThrows(IllegalStateException.class, policy::synchronize);
        second.commit();
      }
      policy.synchronize();
    }
    policy.close();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aNotifierThatEndsTheTransactionAroundItLeavesItsThreadFreeToWaitAfterwards(Supplier<ReclaimPolicy> made) {
    ReclaimPolicy policy = made.get();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Iommu iommu = memory.iommu("iommu", Size.kib(4), (_, _, _, _, entry) -> entry.deny());
      try (Transaction transaction = memory.begin()) {
        iommu.addNotifier(new IommuNotifier("eager", Set.of(IommuEvent.Kind.UNMAP), _ -> transaction.commit()));
        iommu.notifyIommu(0, new IommuEvent.Unmap(new AddressRange(0, 0xfff)));
      }
      policy.synchronize();
    }
    policy.close();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aListenerThatWaitsForAGracePeriodIsRefusedAtOnce(Supplier<ReclaimPolicy> made) throws Exception {
    ReclaimPolicy policy = made.get();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      AddressSpace space = memory.addressSpace("memory", system);
      List<Class<?>> refused = new CopyOnWriteArrayList<>();
      space.addListener(new MemoryListener() {
        @Override
        public void plan(MapChange change) {
          tryAll(policy, refused);
        }

        @Override
        public void commit(MapChange change) {
          tryAll(policy, refused);
        }
      });
      refused.clear();
      CompletableFuture.runAsync(() -> commitInASection(memory, system)).get(60, TimeUnit.SECONDS);
      assertEquals(2 * WAITS.size(), refused.stream().filter(IllegalStateException.class::equals).count());
    }
    policy.close();
  }

  private static void tryAll(ReclaimPolicy policy, List<Class<?>> refused) {
    for (Consumer<ReclaimPolicy> wait : WAITS) {
      refused.add(assertThrows(RuntimeException.class, () -> wait.accept(policy)).getClass());
    }
  }

  /** The thread whose section the listener would wait for is the one that calls the listener. */
  private static void commitInASection(DispatchMemory memory, MemoryRegion.Container system) {
    try (MapReader reader = memory.newReader("reader"); ReadSection _ = reader.enter()) {
      memory.update(tx -> tx.addSubregion(system, 0, memory.mmio("device", Size.kib(4), new Registers())));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aListenerThatThrowsThatLeavesNothingChanged(Supplier<ReclaimPolicy> made) {
    ReclaimPolicy policy = made.get();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      AddressSpace space = memory.addressSpace("memory", system);
      AddressSpace.Registration waiting = space.addListener(new MemoryListener() {
        @Override
        public void plan(MapChange change) {
          policy.synchronize();
        }
      });
      Executable change = () -> memory.update(
          tx -> tx.addSubregion(system, 0, memory.mmio("device", Size.kib(4), new Registers())));
      assertThrows(MapException.class, change);
      assertEquals(List.of(), space.flatView().sections());
      waiting.close();
      policy.synchronize();
    }
    policy.close();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aThreadWithATransactionOpenIsRefusedLikewise(Supplier<ReclaimPolicy> made) {
    ReclaimPolicy policy = made.get();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      List<Class<?>> refused = new CopyOnWriteArrayList<>();
      try (Transaction tx = memory.begin(); Transaction nested = memory.begin()) {
        nested.commit();
        tryAll(policy, refused);
        tx.commit();
      }
      policy.synchronize();
      try (Transaction _ = memory.begin()) {
        tryAll(policy, refused);
      }
      policy.synchronize();
      assertEquals(2 * WAITS.size(), refused.stream().filter(IllegalStateException.class::equals).count());
    }
    policy.close();
  }

  /** An inspector looks at the map with the lock held, and asks for labels. */
  @ParameterizedTest
  @MethodSource("policies")
  void labelsOfRegionsThatWaitAreRefusedLikewise(Supplier<ReclaimPolicy> made) {
    ReclaimPolicy policy = made.get();
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      memory.addressSpace("memory", memory.container("system", Size.FULL));
      List<Class<?>> refused = new CopyOnWriteArrayList<>();
      memory.inspect(new RegionLabels() {
        @Override
        public Optional<String> owner(MemoryRegion region) {
          if (refused.isEmpty()) {
            tryAll(policy, refused);
          }
          return Optional.empty();
        }
      }).json();
      policy.synchronize();
      assertEquals(WAITS.size(), refused.stream().filter(IllegalStateException.class::equals).count());
    }
    policy.close();
  }

  /** A reader of the south waits for the north, whose listener would wait for the readers of the south. */
  @ParameterizedTest
  @MethodSource("io.flatview.rcu.contract.Flavours#names")
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aListenerIsRefusedToWaitForReadersOfAnotherMemorySystemWithAPolicyOfItsOwn(String flavour) throws Exception {
    try (ReclaimPolicy northern = ReclaimPolicies.discover(flavour, ReclaimOptions.defaults());
        ReclaimPolicy southern = ReclaimPolicies.discover(flavour, ReclaimOptions.defaults());
        DispatchMemory north = DispatchMemory.create(northern);
        DispatchMemory south = DispatchMemory.create(southern)) {
      List<Class<?>> refused = new CopyOnWriteArrayList<>();
      CountDownLatch inside = new CountDownLatch(1);
      CompletableFuture<Void> reading;
      try (Transaction tx = north.begin()) {
        reading = CompletableFuture.runAsync(() -> {
          try (MapReader reader = south.newReader("reader"); ReadSection _ = reader.enter()) {
            inside.countDown();
            north.addressSpaces();
          }
        });
        inside.await();
        tryAll(southern, refused);
        MemoryRegion.Container root = south.container("root", Size.kib(4));
        south.addressSpace("space", root);
        CommitTicket ticket = south.update(
            changes -> changes.addSubregion(root, 0, south.mmio("device", Size.kib(4), new Registers())));
        assertThrows(IllegalStateException.class, () -> ticket.awaitQuiesced(Duration.ofSeconds(1)));
        tx.commit();
      }
      reading.get(60, TimeUnit.SECONDS);
      assertEquals(WAITS.size(), refused.size());
    }
  }

  /** The reader waits for the transaction, and the transaction would wait for the reader. */
  @ParameterizedTest
  @MethodSource("io.flatview.rcu.contract.Flavours#names")
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsRetiredInATransactionDoesNotWaitForAReaderThatWaitsForTheTransaction(String flavour) throws Exception {
    ReclaimPolicy policy =
        ReclaimPolicies.discover(flavour, ReclaimOptions.defaults().withBacklog(1, BacklogPolicy.THROTTLE));
    try (DispatchMemory memory = DispatchMemory.create(policy)) {
      CountDownLatch inside = new CountDownLatch(1);
      CompletableFuture<Void> reading;
      try (Transaction tx = memory.begin()) {
        reading = CompletableFuture.runAsync(() -> {
          try (MapReader reader = memory.newReader("reader"); ReadSection _ = reader.enter()) {
            inside.countDown();
            memory.alias("alias", memory.container("container", Size.kib(4)), 0, Size.kib(4));
          }
        });
        inside.await();
        for (int i = 0; i < 1000; i++) {
          policy.retire(() -> { });
        }
        tx.commit();
      }
      reading.get(60, TimeUnit.SECONDS);
    }
    policy.close();
  }
}
