package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads end inside sections, and other threads leave these on request. */
public interface AbandonedRules extends ContractRules {

  private Reader leftInside(boolean virtual, int nesting) {
    return leftInside(virtual, nesting, _ -> { });
  }

  /** Registers a reader, gives away each section that is entered, and ends inside. */
  private Reader leftInside(boolean virtual, int nesting, Consumer<ReadSection> entered) {
    AtomicReference<Reader> left = new AtomicReference<>();
    OtherThread.run(virtual, () -> {
      left.set(policy().register("left inside"));
      for (int i = 0; i < nesting; i++) {
        entered.accept(left.get().enter());
      }
    });
    return left.get();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aSectionInWhichItsThreadEndedIsLeftOnRequest(boolean virtual) {
    Reader reader = leftInside(virtual, 1);
    Trace trace = retireTrace();
    Await.notFor("the action ran under an open section", trace::hasRun);
    assertTrue(reader.leaveAbandoned());
    Await.until("the action has run", trace::hasRun);
    assertFalse(reader.inSection());
    assertFalse(reader.leaveAbandoned());
    assertEquals(0, policy().statistics().readers());
    policy().synchronize();
  }

  @Test
  default void nestedSectionsInWhichTheirThreadEndedAreLeftTogether() {
    Reader reader = leftInside(false, 3);
    assertTrue(reader.leaveAbandoned());
    assertFalse(reader.inSection());
    policy().synchronize();
    reader.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aThreadsOwnReaderIsLeftOnRequestToo(boolean virtual) {
    AtomicReference<Reader> left = new AtomicReference<>();
    OtherThread.run(virtual, () -> {
      left.set(policy().currentReader());
      left.get().enter();
    });
    Trace trace = retireTrace();
    Await.notFor("the action ran under an open section", trace::hasRun);
    assertTrue(left.get().leaveAbandoned());
    Await.until("the action has run", trace::hasRun);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void aReaderWhoseSectionWasLeftProtectsItsNextUser(boolean virtual) {
    Reader reader = leftInside(virtual, 2);
    reader.leaveAbandoned();
    OtherThread.assertProtectedBy(reader, this, virtual, () -> {});
  }

  /** Forbidden: the section of a living thread is taken for abandoned. */
  @Test
  default void theSectionOfALivingThreadIsNotAbandoned() {
    try (Puppet user = Puppet.platform()) {
      Reader reader = user.ask(() -> policy().register("alive"));
      ReadSection section = user.ask(reader::enter);
      assertRefused(reader, "alive", "puppet#");
      assertThrows(IllegalStateException.class, () -> user.tell(reader::leaveAbandoned));
      assertStillProtects(user, section, reader);
    }
  }

  /** A thread enters and ends; another that lives enters the same section. Forbidden: it loses its protection. */
  @Test
  default void aSectionThatALivingThreadTookOverIsNotAbandoned() {
    Reader reader = leftInside(false, 1);
    try (Puppet user = Puppet.platform()) {
      ReadSection section = user.ask(reader::enter);
      assertRefused(reader, "left inside", "puppet#");
      user.tell(section::close);
      assertRefused(reader, "left inside", "puppet#");
      assertStillProtects(user, section, reader);
    }
  }

  private static void assertRefused(Reader reader, String... named) {
    IllegalStateException refused = assertThrows(IllegalStateException.class, reader::leaveAbandoned);
    for (String name : named) {
      assertTrue(refused.getMessage().contains(name), refused.getMessage());
    }
  }

  private void assertStillProtects(Puppet user, ReadSection section, Reader reader) {
    Trace trace = retireTrace();
    Await.notFor("the action ran under an open section", trace::hasRun);
    user.tell(section::close);
    user.tell(reader::offline);
    Await.until("the action has run", trace::hasRun);
    user.tell(reader::close);
  }

  @Test
  default void outsideSectionsThereIsNothingToLeave() {
    AtomicReference<Reader> outside = new AtomicReference<>();
    OtherThread.run(false, () -> {
      outside.set(policy().register("outside"));
      outside.get().enter().close();
      outside.get().offline();
    });
    assertFalse(outside.get().leaveAbandoned());
    policy().synchronize();
    assertFalse(outside.get().leaveAbandoned());
    outside.get().close();
    assertFalse(outside.get().leaveAbandoned());
  }

  /** The last work of a section is protected by it, and done in the calling thread. */
  @Test
  default void theLastWorkIsDoneInsideTheSection() {
    Reader reader = leftInside(false, 2);
    Trace trace = retireTrace();
    List<Boolean> ran = new ArrayList<>();
    assertTrue(reader.leaveAbandoned(() -> {
      Await.notFor("the action ran under an open section", trace::hasRun);
      ran.add(policy().inSection());
      assertThrows(IllegalStateException.class, policy()::synchronize);
    }));
    assertEquals(List.of(true), ran);
    assertFalse(policy().inSection());
    Await.until("the action has run", trace::hasRun);
    policy().synchronize();
  }

  @Test
  default void aSectionIsLeftAlsoIfItsLastWorkThrows() {
    Reader reader = leftInside(true, 1);
    AssertionError failure = new AssertionError("last work");
    assertSame(failure, assertThrows(AssertionError.class, () -> reader.leaveAbandoned(() -> {
      throw failure;
    })));
    assertFalse(reader.inSection());
    policy().synchronize();
    reader.close();
  }

  /** The warning names the calling thread, whose name throws. Forbidden: the section stays open, and is now its own. */
  @Test
  default void aSectionIsLeftAlsoIfItsWarningFails() throws InterruptedException {
    Reader reader = leftInside(false, 1);
    AtomicBoolean worked = new AtomicBoolean();
    Thread rescuer = new Thread(() -> reader.leaveAbandoned(() -> worked.set(true))) {
      @Override
      public String toString() {
        throw new AssertionError("a thread without a text");
      }
    };
    rescuer.setUncaughtExceptionHandler((_, _) -> { });
    rescuer.start();
    rescuer.join();
    assertTrue(worked.get());
    assertFalse(reader.inSection());
    policy().synchronize();
  }

  /** Forbidden: the reader holds up grace periods as one of the calling thread, which does not use it any more. */
  @Test
  default void aSectionThatItsLastWorkLeavesHoldsUpNothing() {
    AtomicReference<ReadSection> kept = new AtomicReference<>();
    Reader left = leftInside(false, 1, kept::set);
    assertTrue(left.leaveAbandoned(kept.get()::close));
    Trace trace = retireTrace();
    Await.until("the action has run", trace::hasRun);
    assertEquals(0, policy().statistics().readers());
  }

  /** What the ended thread has given to another must not end the section of the next user. */
  @Test
  default void aSectionThatWasLeftForItsThreadCannotBeLeftAgain() {
    AtomicReference<ReadSection> kept = new AtomicReference<>();
    Reader left = leftInside(false, 1, kept::set);
    left.leaveAbandoned();
    assertThrows(IllegalStateException.class, kept.get()::close);
    try (Puppet user = Puppet.platform()) {
      ReadSection section = user.ask(left::enter);
      assertThrows(IllegalStateException.class, kept.get()::close);
      assertStillProtects(user, section, left);
    }
  }

  @Test
  default void theReaderOfAThreadThatEndedInsideSaysHowToLeave() {
    Reader reader = leftInside(false, 1);
    IllegalStateException refused = assertThrows(IllegalStateException.class, reader::close);
    assertTrue(refused.getMessage().contains("has ended; leaveAbandoned() leaves it"), refused.getMessage());
    reader.leaveAbandoned();
    reader.close();
    assertEquals(0, policy().statistics().readers());
  }

  /**
   * Threads look at a cell and end inside, while grace periods run; two others leave their sections and use the readers
   * at once. Forbidden: what is read inside is freed; or a grace period does not end.
   */
  @Test
  default void threadsMayEndInsideWhileOthersLeaveForThem() {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<AtomicBoolean> freed = new AtomicReference<>(new AtomicBoolean());
    AtomicInteger violations = new AtomicInteger();
    ConcurrentLinkedQueue<Reader> abandoned = new ConcurrentLinkedQueue<>();
    try (Puppet dying = Puppet.platform(); Puppet one = Puppet.platform(); Puppet other = Puppet.platform()) {
      Future<?> deaths = dying.begin(() -> dieInside(stop, freed, violations, abandoned));
      List<Future<?>> rescues = List.of(one.begin(() -> rescue(stop, freed, violations, abandoned)),
          other.begin(() -> rescue(stop, freed, violations, abandoned)));
      for (int i = 0; i < 50; i++) {
        AtomicBoolean old = freed.getAndSet(new AtomicBoolean());
        policy().synchronize();
        old.set(true);
      }
      stop.set(true);
      Puppet.result(deaths);
      rescues.forEach(Puppet::result);
    }
    abandoned.forEach(Reader::leaveAbandoned);
    policy().synchronize();
    assertEquals(0, violations.get());
  }

  private void dieInside(
      AtomicBoolean stop, AtomicReference<AtomicBoolean> freed, AtomicInteger violations,
      ConcurrentLinkedQueue<Reader> abandoned) {
    for (int i = 0; !stop.get(); i++) {
      awaitFew(stop, abandoned);
      OtherThread.run(i % 2 == 0, () -> {
        Reader reader = policy().register("dying");
        reader.enter();
        look(freed, violations);
        abandoned.add(reader);
      });
    }
  }

  /** So that a grace period need not wait for ever more sections to be left. */
  private static void awaitFew(AtomicBoolean stop, ConcurrentLinkedQueue<Reader> abandoned) {
    while (abandoned.size() > 4 && !stop.get()) {
      Thread.yield();
    }
  }

  private static void rescue(
      AtomicBoolean stop, AtomicReference<AtomicBoolean> freed, AtomicInteger violations,
      ConcurrentLinkedQueue<Reader> abandoned) {
    while (!stop.get()) {
      Reader reader = abandoned.poll();
      if (reader != null) {
        leave(reader, () -> look(freed, violations));
        try (ReadSection _ = reader.enter()) {
          look(freed, violations);
        }
        reader.close();
      }
    }
  }

  /** The thread may not have ended yet. */
  private static void leave(Reader reader, Runnable last) {
    while (reader.inSection()) {
      try {
        reader.leaveAbandoned(last);
      } catch (IllegalStateException alive) {
        Thread.yield();
      }
    }
  }

  private static void look(AtomicReference<AtomicBoolean> freed, AtomicInteger violations) {
    AtomicBoolean cell = freed.get();
    Thread.yield();
    violations.addAndGet(cell.get() ? 1 : 0);
  }
}
