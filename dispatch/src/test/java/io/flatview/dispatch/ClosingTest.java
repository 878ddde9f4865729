package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Size;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a memory system. */
class ClosingTest extends OnAMachine {

  private static final int SHUTDOWNS = Boolean.getBoolean("flatview.long") ? 2_000 : 200;

  private long blocks() {
    return memory.statistics().ramBlocks();
  }

  @Test
  void closingTheMemorySystemClosesItsSpacesAndGivesMemoryBack() {
    place(0, ram("ram", 0x1000));
    assertStores(0, 4, 0x1234);
    try (ReadSection _ = reader.enter()) {
      memory.close();
      policy.runGracePeriod();
      assertLoads(0x1234, 0, 4);
      assertEquals(1, blocks());
    }
    policy.runGracePeriod();
    assertEquals(0, blocks());
    assertEquals(List.of(), memory.addressSpaces());
    assertDecodeErrorOnLoad(0, 4);
  }

  @Test
  void closingTheMemorySystemGivesBackMemoryThatNobodyShows() {
    MemoryRegion ram = ram("ram", 0x1000);
    place(0, ram);
    load(0, 1);
    remove(ram);
    memory.close();
    policy.runGracePeriod();
    assertEquals(0, blocks());
  }

  @Test
  void closingTheMemorySystemTwiceDoesNothing() {
    memory.close();
    memory.close();
  }

  @Test
  void aClosedMemorySystemTakesNoTransaction() {
    memory.close();
    assertRefused(IllegalStateException.class, memory::begin, "closed");
    assertRefused(IllegalStateException.class, () -> memory.addressSpace("late", system), "closed");
  }

  @Test
  void aClosedMemorySystemMakesNothing() {
    memory.close();
    List<Executable> late = List.of(
        () -> memory.container("late", Size.kib(4)),
        () -> memory.ram("late", Size.kib(4)),
        () -> memory.rom("late", Size.kib(4)),
        () -> memory.romDevice("late", Size.kib(4), new Registers()),
        () -> memory.mmio("late", Size.kib(4), new Registers()),
        () -> memory.reserved("late", Size.kib(4)),
        () -> memory.iommu("late", Size.kib(4), (_, _, _, _, _) -> {}),
        () -> memory.alias("late", system, 0, Size.kib(4)),
        () -> memory.dirtyClient("late"),
        () -> memory.newReader("late"),
        () -> memory.update(_ -> {}),
        () -> memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> {}));
    late.forEach(attempt -> assertRefused(IllegalStateException.class, attempt, "closed"));
  }

  /** Forbidden: memory that is made while the system closes, and that neither is refused nor given back. */
  @Test
  void memoryMadeWhileTheSystemClosesIsRefusedOrGivenBack() throws Exception {
    for (int i = 0; i < SHUTDOWNS; i++) {
      DispatchMemory closing = DispatchMemory.create(policy);
      closing.addressSpace("memory", closing.container("root", Size.FULL));
      FutureTask<?> making = new FutureTask<>(() -> makeAndCloseUntilRefused(closing), null);
      Thread.ofPlatform().daemon().start(making);
      closing.close();
      policy.runGracePeriod();
      making.get(60, TimeUnit.SECONDS);
      policy.runGracePeriod(); // the maker may have retired what the close left, and late
      assertEquals(0, closing.statistics().ramBlocks());
    }
  }

  private static void makeAndCloseUntilRefused(DispatchMemory closing) {
    try {
      for (int i = 0;; i++) {
        MemoryRegion.Ram ram = closing.ram("ram", Size.kib(4));
        ram.copyIn(0, MemorySegment.ofArray(new byte[8]));
        if (i % 2 == 0) {
          ram.close();
        }
      }
    } catch (IllegalStateException _) {
      // Refused: the memory system is closed, or the region is closed with it.
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aPolicyRefusesToBeClosedFirstAndLosesNothing(Supplier<ReclaimPolicy> made) {
    ReclaimPolicy own = made.get();
    DispatchMemory using = DispatchMemory.create(own);
    MemoryRegion.Ram ram = using.ram("ram", Size.kib(4));
    AddressSpace shown = using.addressSpace("memory", ram);
    assertRefused(IllegalStateException.class, own::close, "memory system");
    using.reader().store(shown, 0, 4, 1);
    using.close();
    own.close();
    assertEquals(0, using.statistics().ramBlocks());
  }

  @Test
  void aRegionOfAClosedMemorySystemMayBeClosed() {
    MemoryRegion uart = mmio("uart", 0x100);
    memory.close();
    uart.close();
    space.close();
  }

  @Test
  void thePolicyStaysOpen() {
    memory.close();
    policy.runGracePeriod();
    policy.register("still welcome").close();
  }

  @Test
  void theMemorySystemCannotBeClosedInsideATransaction() {
    try (Transaction _ = memory.begin()) {
      assertRefused(IllegalStateException.class, memory::close, "transaction");
    }
    assertEquals(List.of(space), memory.addressSpaces());
  }

  // From two threads

  /**
   * The last commit holds the map's lock, and its listener has another thread close something, until that waits for
   * the lock or has ended. Forbidden: what is closed a moment too late throws.
   */
  private void closeMeanwhile(Runnable close) throws Exception {
    FutureTask<?> closing = new FutureTask<>(close, null);
    space.addListener(new Diary("L", 0, new ArrayList<>())
        .onceAt("plan", () -> awaitEndOrWaiting(Thread.ofPlatform().daemon().start(closing))));
    memory.close();
    closing.get(60, TimeUnit.SECONDS);
  }

  private static void awaitEndOrWaiting(Thread thread) {
    Set<Thread.State> still = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!still.contains(thread.getState())) {
      assertTrue(System.nanoTime() < deadline, "neither ended nor waiting");
      Thread.onSpinWait();
    }
  }

  @Test
  void aSpaceMayBeClosedWhileTheMemorySystemCloses() throws Exception {
    closeMeanwhile(space::close);
  }

  @Test
  void aRegionMayBeClosedWhileTheMemorySystemCloses() throws Exception {
    closeMeanwhile(ram("ram", 0x1000)::close);
  }

  @Test
  void aListenerMayBeTakenOutWhileTheMemorySystemCloses() throws Exception {
    AddressSpace.Registration registration = space.addListener(MemoryListener.batch(_ -> {}));
    closeMeanwhile(registration::close);
  }

  @Test
  void aTapMayBeTakenOutWhileTheMemorySystemCloses() throws Exception {
    TapRegistration tap = memory.tap(space, TapFilter.of(AddressRange.ALL), _ -> {});
    closeMeanwhile(tap::close);
    policy.runGracePeriod();
    assertTrue(tap.remove().toCompletableFuture().isDone());
  }

  @Test
  void aWindowMayBeClosedWhileTheMemorySystemCloses() throws Exception {
    place(0, ram("ram", 0x1000));
    if (space.map(0, 8, Access.READ) instanceof MapResult.Whole(MappedWindow window)) {
      closeMeanwhile(window::close);
    } else {
      throw new AssertionError("no window");
    }
  }

  @Test
  void aDirtyClientMayBeClosedWhileTheMemorySystemCloses() throws Exception {
    DirtyClient client = memory.dirtyClient("vga");
    closeMeanwhile(client::close);
  }

  @Test
  void theMemorySystemMayBeClosedByTwoThreadsAtOnce() throws Exception {
    closeMeanwhile(memory::close);
  }

  @Test
  void whatIsBegunWhileTheMemorySystemClosesIsRefused() throws Exception {
    closeMeanwhile(() -> assertRefused(IllegalStateException.class, memory::begin, "closed", "create a new one"));
  }
}
