package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that end inside a section of the map, and others that leave it for them. */
@ParameterizedClass
@MethodSource("policies")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AbandonedReaderTest extends OnAPolicy {

  private static final long PLACE = 0x4000;

  private final MapReader hart = memory.newReader("hart0");
  private final MemoryRegion.Ram ram = ram("ram", 0x4000);

  AbandonedReaderTest(Supplier<ReclaimPolicy> policy) {
    super(policy.get());
    hart.offline();
    reader.offline();
    place(PLACE, ram);
  }

  private static void inAThreadThatEnds(Runnable work) throws InterruptedException {
    Thread thread = Thread.ofPlatform().name("careless").start(work);
    thread.join();
  }

  private void leaveInside() throws InterruptedException {
    inAThreadThatEnds(() -> {
      hart.online();
      hart.store(space, PLACE, 4, 0);
      hart.enter();
      hart.enter();
      hart.translate(space, PLACE, 8, Access.READ);
    });
  }

  /** What the section pins is given back, and not before. */
  @Test
  void whatTheSectionPinsIsGivenBackWhenItIsLeft() throws Exception {
    leaveInside();
    CompletableFuture<Void> gone = memory.detach(ram).toCompletableFuture();
    ram.close();
    assertFalse(gone.isDone());
    assertEquals(1, memory.statistics().ramBlocks());
    assertTrue(hart.leaveAbandoned());
    assertFalse(hart.leaveAbandoned());
    awaitReaders();
    gone.get(60, TimeUnit.SECONDS);
    assertEquals(0, memory.statistics().ramBlocks());
    hart.close();
  }

  @Test
  void anotherThreadUsesTheReaderAfterwards() throws Exception {
    leaveInside();
    IllegalStateException taken = assertThrows(IllegalStateException.class, hart::enter);
    assertNames(taken, "hart0", "leaveAbandoned()");
    assertThrows(IllegalStateException.class, hart::close);
    assertThrows(IllegalStateException.class, () -> hart.load(space, PLACE, 4));
    hart.leaveAbandoned();
    try (ReadSection _ = hart.enter()) {
      assertEquals(0, hart.load(space, PLACE, 4));
      memory.detach(ram);
      assertEquals(0, hart.load(space, PLACE, 4));
    }
    hart.load(space, PLACE, 4);
    assertEquals(memory.generation(), generationOf(hart));
    ram.close();
    hart.close();
  }

  private static long generationOf(MapReader own) {
    try (ReadSection _ = own.enter()) {
      return own.generation();
    }
  }

  /** Forbidden: pages that a thread has written and reported, before it ended, are never copied by a migration. */
  @Test
  void pagesThatTheThreadHasReportedAreMarked() throws Exception {
    DirtyClient client = memory.dirtyClient("migration");
    memory.update(tx -> tx.startLog(ram, client));
    client.snapshotAndClear(ram);
    inAThreadThatEnds(() -> {
      hart.online();
      hart.enter();
      hart.translate(space, PLACE, 8, Access.WRITE).loggedMemory().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1);
      hart.wrote(space, PLACE, 8);
    });
    hart.leaveAbandoned();
    assertEquals(1, client.snapshotAndClear(space, new AddressRange(0, 0xffff)).size());
    assertEquals(1, hart.load(space, PLACE, 8));
    hart.close();
    client.close();
  }

  /** Forbidden: a thread that lives, and has taken the reader over, loses its section. */
  @Test
  void theSectionOfALivingThreadIsNotLeft() throws Exception {
    leaveInside();
    hart.leaveAbandoned();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    CompletableFuture<Object> alive = OnTwoThreads.run(() -> {
      try (ReadSection _ = hart.enter()) {
        inside.countDown();
        assertTrue(leave.await(60, TimeUnit.SECONDS));
        return hart.load(space, PLACE, 4);
      } finally {
        hart.offline();
      }
    });
    assertTrue(inside.await(60, TimeUnit.SECONDS));
    assertRefused(IllegalStateException.class, hart::leaveAbandoned, "hart0");
    leave.countDown();
    assertEquals(0L, alive.get(60, TimeUnit.SECONDS));
    assertFalse(hart.leaveAbandoned());
    hart.close();
  }

  @Test
  void aThreadDoesNotLeaveItsOwnSectionSo() {
    hart.online();
    try (ReadSection _ = hart.enter()) {
      assertRefused(IllegalStateException.class, hart::leaveAbandoned, "hart0");
      assertEquals(0, hart.load(space, PLACE, 4));
    }
    assertFalse(hart.leaveAbandoned());
    hart.close();
    assertFalse(hart.leaveAbandoned());
  }

  /** The thread's own reader; the thread is gone, but the reader is known to others. */
  @Test
  void aThreadsOwnReaderIsLeftToo() throws Exception {
    MapReader[] own = new MapReader[1];
    inAThreadThatEnds(() -> {
      own[0] = memory.reader();
      own[0].enter();
    });
    assertEquals(List.of(true, false), List.of(own[0].leaveAbandoned(), own[0].leaveAbandoned()));
    hart.close();
    awaitReaders();
  }
}
