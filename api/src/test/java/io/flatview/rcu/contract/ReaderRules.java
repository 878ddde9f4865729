package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a reader does, and what it refuses. */
public interface ReaderRules extends ContractRules {

  /** Enough sections to tell nothing from little. */
  int MANY = 100_000;

  @Test
  default void aReaderKeepsItsName() {
    try (Reader reader = policy().register("vcpu-3")) {
      assertEquals("vcpu-3", reader.name());
    }
  }

  @Test
  default void aReaderIsInsideUntilItsOutermostSectionEnds() {
    Reader reader = policy().currentReader();
    assertFalse(reader.inSection());
    ReadSection outer = reader.enter();
    ReadSection inner = reader.enter();
    assertTrue(reader.inSection());
    inner.close();
    assertTrue(reader.inSection());
    outer.close();
    assertFalse(reader.inSection());
  }

  @Test
  default void aSectionEndsWithItsTryBlockEvenByAnException() {
    Reader reader = policy().currentReader();
    assertThrows(ArithmeticException.class, () -> {
      try (ReadSection _ = reader.enter()) {
        throw new ArithmeticException();
      }
    });
    assertFalse(reader.inSection());
  }

  @Test
  default void leavingMoreOftenThanEnteringIsAnError() {
    Reader reader = policy().currentReader();
    ReadSection section = reader.enter();
    section.close();
    assertThrows(IllegalStateException.class, section::close);
    reader.enter().close();
  }

  @Test
  default void aThreadHasOneImplicitReaderInEachPolicy() {
    assertSame(policy().currentReader(), policy().currentReader());
    try (Puppet other = Puppet.platform(); ReclaimPolicy second = newPolicy()) {
      assertNotSame(policy().currentReader(), other.ask(() -> policy().currentReader()));
      assertNotSame(policy().currentReader(), second.currentReader());
    }
  }

  @Test
  default void explicitAndImplicitReadersOfAThreadAreIndependent() {
    try (Reader explicit = policy().register("explicit")) {
      try (ReadSection _ = explicit.enter()) {
        assertFalse(policy().currentReader().inSection());
      }
      assertFalse(explicit.inSection());
    }
  }

  @Test
  default void theImplicitReaderCannotBeClosed() {
    Reader reader = policy().currentReader();
    assertThrows(IllegalStateException.class, reader::close);
    reader.enter().close();
  }

  @Test
  default void aReaderCannotBeClosedInsideASection() {
    Reader reader = policy().register("explicit");
    ReadSection section = reader.enter();
    assertThrows(IllegalStateException.class, reader::close);
    section.close();
    reader.close();
  }

  @Test
  default void aClosedReaderLeavesTheRegistryOnce() {
    int before = policy().statistics().readers();
    Reader reader = policy().register("explicit");
    assertEquals(before + 1, policy().statistics().readers());
    reader.close();
    reader.close();
    assertEquals(before, policy().statistics().readers());
  }

  @Test
  default void aClosedReaderRefusesEverythingButClosing() {
    Reader reader = policy().register("explicit");
    reader.close();
    assertThrows(IllegalStateException.class, reader::enter);
    assertThrows(IllegalStateException.class, reader::quiescent);
    assertThrows(IllegalStateException.class, reader::offline);
    assertThrows(IllegalStateException.class, reader::online);
    assertFalse(reader.inSection());
  }

  @Test
  default void anOfflineReaderCannotEnterUntilItIsOnline() {
    try (Reader reader = policy().register("explicit")) {
      reader.offline();
      IllegalStateException refusal = assertThrows(IllegalStateException.class, reader::enter);
      assertTrue(refusal.getMessage().contains("online()"), refusal.getMessage());
      reader.online();
      reader.enter().close();
    }
  }

  @Test
  default void goingWhereOneIsDoesNothing() {
    try (Reader reader = policy().register("explicit")) {
      reader.online();
      reader.offline();
      reader.offline();
      reader.quiescent();
      reader.online();
      reader.online();
      reader.enter().close();
    }
  }

  @Test
  default void anOfflineReaderCanBeClosed() {
    Reader reader = policy().register("explicit");
    reader.offline();
    reader.close();
    policy().synchronize();
  }

  @Test
  default void quiescentAndOfflineAreRefusedInsideASection() {
    Reader reader = policy().currentReader();
    try (ReadSection _ = reader.enter()) {
      assertThrows(IllegalStateException.class, reader::quiescent);
      assertThrows(IllegalStateException.class, reader::offline);
      assertThrows(IllegalStateException.class, reader::online);
      assertTrue(reader.inSection());
    }
  }

  @Test
  default void aRefusalNamesTheReader() {
    Reader reader = policy().register("vcpu-3");
    reader.close();
    IllegalStateException refusal = assertThrows(IllegalStateException.class, reader::enter);
    assertTrue(refusal.getMessage().contains("vcpu-3"), refusal.getMessage());
  }

  /**
   * Two threads enter one reader, against its contract. Forbidden: both are inside, so that the exit of one ends the
   * protection of the other; a section stays open when both have left, so that the reader cannot be closed and holds up
   * grace periods.
   */
  @Test
  default void twoThreadsInOneReaderAreNeverInsideAtOnceAndLeaveNoSectionOpen() throws InterruptedException {
    boolean isLong = Boolean.getBoolean("flatview.long");
    assertEquals(0, SharedReaderDuel.fight(policy(), isLong ? 2_000 : 20, 10_000));
    Trace trace = retireTrace();
    policy().synchronize();
    Await.until("the action has run", trace::hasRun);
  }

  /** Eight times as many readers take eight times as long, not sixty-four; the best of five, on a busy machine. */
  @Test
  default void registeringCostsTheSameHoweverManyReadersThereAre() {
    register(2_000);
    boolean linear = false;
    for (int i = 0; i < 5 && !linear; i++) {
      linear = CpuTime.of(() -> register(16_000)) < 24 * CpuTime.of(() -> register(2_000));
    }
    assertTrue(linear);
  }

  private void register(int count) {
    List<Reader> readers = Stream.generate(() -> policy().register("one of many")).limit(count).toList();
    readers.forEach(Reader::close);
  }

  /**
   * A thread goes on entering and leaving until it has no stack left, at every alignment. Forbidden: a section stays
   * open, or is broken off half-way, so that no grace period ends any more.
   */
  @Test
  default void aSectionIsLeftEvenIfTheStackIsExhausted() throws InterruptedException {
    AtomicInteger overflows = new AtomicInteger();
    AtomicInteger stuck = new AtomicInteger();
    Thread.Builder.OfPlatform small = Thread.ofPlatform();
    for (int i = 0; i < 40; i++) {
      int offset = i;
      Thread thread = small.stackSize(400_000).unstarted(() -> exhaustAndLookAround(offset, overflows, stuck));
      thread.start();
      thread.join();
    }
    assertEquals(80, overflows.get());
    assertEquals(0, stuck.get());
    Trace trace = retireTrace();
    policy().synchronize();
    Await.until("the action has run", trace::hasRun);
  }

  private void exhaustAndLookAround(int offset, AtomicInteger overflows, AtomicInteger stuck) {
    try (Reader explicit = policy().register("exhausted")) {
      for (Reader reader : List.of(explicit, policy().currentReader())) {
        overflows.addAndGet(isExhaustedBelow(reader, offset) ? 1 : 0);
        stuck.addAndGet(reader.inSection() ? 1 : 0);
        reader.enter().close();
      }
    }
  }

  private static boolean isExhaustedBelow(Reader reader, int offset) {
    if (offset > 0) {
      return isExhaustedBelow(reader, offset - 1);
    }
    try {
      exhaust(reader);
      return false;
    } catch (StackOverflowError e) {
      return true;
    }
  }

  private static void exhaust(Reader reader) {
    try (ReadSection _ = reader.enter()) {
      reader.inSection();
    }
    exhaust(reader);
  }

  /** A hundred thousand sections in less than a byte each. */
  @Test
  default void enteringAndLeavingAllocateNothing() throws ReflectiveOperationException {
    Reader reader = policy().currentReader();
    enterOften(reader);
    long bytes = Allocation.of(() -> enterOften(reader));
    assertTrue(bytes < MANY, () -> bytes + " bytes for " + MANY + " sections");
  }

  private static void enterOften(Reader reader) {
    for (int i = 0; i < MANY; i++) {
      try (ReadSection _ = reader.enter(); ReadSection _ = reader.enter()) {
        reader.inSection();
      }
    }
  }
}
