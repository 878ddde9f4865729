package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.Checked;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What {@linkplain Checked checked mode} notices, with the stacks of both parties. */
public interface CheckedRules extends ContractRules {

  /** The suite is worth little without it. */
  @BeforeEach
  default void checkedModeIsOn() {
    assertTrue(Checked.ON, "run the contract suite with -D" + Checked.PROPERTY + "=true");
  }

  @Test
  default void aThreadKnowsWhetherItIsInsideASection() {
    assertFalse(policy().inSection());
    try (ReadSection _ = policy().currentReader().enter()) {
      assertTrue(policy().inSection());
      policy().requireSection();
    }
    try (Reader reader = policy().register("vcpu"); ReadSection _ = reader.enter()) {
      assertTrue(policy().inSection());
      policy().requireSection(reader);
    }
    assertFalse(policy().inSection());
    assertThrows(IllegalStateException.class, policy()::requireSection);
  }

  /** Reader leaves; reader follows the pointer. Forbidden: it gets something. */
  @Test
  default void followingAPointerOutsideASectionIsAnError() {
    RcuReference<String> pointer = new RcuReference<>(policy(), "target");
    try (Reader reader = policy().register("vcpu-3")) {
      try (ReadSection _ = reader.enter()) {
        assertSame("target", pointer.dereference());
        assertSame("target", pointer.dereference(reader));
      }
      assertThrows(IllegalStateException.class, pointer::dereference);
      IllegalStateException report = assertThrows(IllegalStateException.class, () -> pointer.dereference(reader));
      assertTrue(report.getMessage().contains("vcpu-3"), report.getMessage());
      assertSame("target", pointer.dereferenceProtected());
    }
  }

  /** A thread follows the pointer while another is inside. Forbidden: the one's section is taken for the other's. */
  @Test
  default void theSectionOfAnotherThreadDoesNotCount() {
    RcuReference<String> pointer = new RcuReference<>(policy(), "target");
    try (RemoteReader other = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      other.enter();
      assertThrows(IllegalStateException.class, pointer::dereference);
      assertEquals("target", other.puppet().ask(pointer::dereference));
      other.leave();
    }
  }

  @Test
  default void aReaderOfAnotherPolicyProtectsNothing() {
    RcuReference<String> pointer = new RcuReference<>(policy(), "target");
    try (ReclaimPolicy other = newPolicy(); Reader stranger = other.register("stranger");
        ReadSection _ = stranger.enter()) {
      IllegalArgumentException report =
          assertThrows(IllegalArgumentException.class, () -> pointer.dereference(stranger));
      assertTrue(report.getMessage().contains("stranger"), report.getMessage());
      assertThrows(IllegalStateException.class, pointer::dereference);
    }
  }

  /** Reader goes offline; reader reads. The error shows both places. */
  @Test
  default void readingWhileOfflineIsReportedWithBothStacks() {
    RcuReference<String> pointer = new RcuReference<>(policy(), "target");
    try (Reader reader = policy().register("sleeper")) {
      Scene.goOffline(reader);
      assertBothStacks("goOffline", IllegalStateException.class, reader::enter);
      assertBothStacks("goOffline", IllegalStateException.class, () -> pointer.dereference(reader));
      assertBothStacks("goOffline", IllegalStateException.class, pointer::dereference);
      reader.online();
      try (ReadSection _ = reader.enter()) {
        assertEquals("target", pointer.dereference());
      }
    }
  }

  @Test
  default void readingAfterClosingIsReportedWithBothStacks() {
    Reader reader = policy().register("gone");
    Scene.closeReader(reader);
    assertBothStacks("closeReader", IllegalStateException.class, reader::enter);
  }

  /** A enters; B leaves. Where flavours mind, B is refused, and the section of A stays open. */
  @Test
  default void leavingASectionOnAnotherThreadIsReportedWithBothStacks() {
    try (Puppet owner = Puppet.platform()) {
      Reader reader = owner.ask(() -> policy().register("vcpu"));
      ReadSection section = owner.ask(reader::enter);
      if (sectionsAreBoundToThreads()) {
        IllegalStateException report = assertThrows(IllegalStateException.class, section::close);
        assertTrue(report.getMessage().contains("puppet"), report.getMessage());
        assertTrue(report.getCause().getStackTrace().length > 0);
        owner.tell(section::close);
      } else {
        section.close();
      }
      assertFalse(owner.ask(reader::inSection));
      owner.tell(reader::close);
      policy().synchronize();
    }
  }

  /** Forbidden: what one action frees is freed twice. */
  @Test
  default void retiringAnActionThatIsPendingIsReportedWithBothStacks() {
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      Trace trace = new Trace();
      Scene.retireFirst(policy(), trace);
      assertBothStacks("retireFirst", IllegalStateException.class, () -> policy().retire(trace));
      reader.leave();
      policy().barrier();
      assertEquals(1, trace.runs());
      assertEquals(1, policy().statistics().retired());
    }
  }

  /** What an action frees may be used anew, and so retired again: from within the action on. */
  @Test
  default void anActionThatHasRunMayBeRetiredAgain() {
    Trace trace = new Trace();
    policy().retire(trace);
    policy().barrier();
    policy().retire(trace);
    policy().barrier();
    assertEquals(2, trace.runs());
    AtomicInteger left = new AtomicInteger(3);
    AtomicReference<ReclaimAction> self = new AtomicReference<>();
    self.set(() -> {
      if (left.decrementAndGet() > 0) {
        policy().retire(self.get());
      }
    });
    policy().retire(self.get());
    Await.until("it has run three times", () -> left.get() == 0);
  }

  /** A lambda that captures nothing is one object, wherever it comes from. */
  @Test
  default void anActionWithoutStateMayBeRetiredAnyNumberOfTimes() {
    ReclaimAction nothing = () -> {};
    policy().retire(nothing);
    policy().retire(nothing);
    policy().barrier();
    assertEquals(2, policy().statistics().reclaimed());
  }

  /** Two actions for one object, pending or not: forbidden in either case. */
  @Test
  default void retiringAnObjectTwiceIsReportedWithBothStacks() {
    Object block = new Object();
    Trace first = new Trace();
    Trace second = new Trace();
    Scene.retireFirst(policy(), block, first);
    assertBothStacks("retireFirst", IllegalStateException.class, () -> policy().retire(block, second));
    policy().barrier();
    assertBothStacks("retireFirst", IllegalStateException.class, () -> policy().retire(block, second));
    policy().barrier();
    assertEquals(1, first.runs());
    assertEquals(0, second.runs());
  }

  @Test
  default void anObjectThatWasRefusedCountsAsNotRetired() {
    Object block = new Object();
    ReclaimPolicy closed = newPolicy();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.retire(block, new Trace()));
    Trace trace = new Trace();
    policy().retire(block, trace);
    policy().barrier();
    assertEquals(1, trace.runs());
  }

  /** Reader keeps what it found; writer unlinks, retires, reclaims; reader uses it. The error shows both places. */
  @Test
  default void usingAnObjectAfterItWasReclaimedIsReportedWithBothStacks() {
    Object block = new Object();
    Trace trace = new Trace();
    try (RemoteReader reader = RemoteReader.Kind.IMPLICIT_PLATFORM.of(policy())) {
      reader.enter();
      Scene.retireFirst(policy(), block, trace);
      assertSame(block, Checked.requireLive(block));
      reader.leave();
    }
    policy().barrier();
    assertBothStacks("retireFirst", IllegalStateException.class, () -> Checked.requireLive(block));
  }

  /** A writer retires what it did not unlink. Forbidden: a later reader is given freed storage. */
  @Test
  default void followingAPointerToSomethingReclaimedIsReportedWithBothStacks() {
    Object block = new Object();
    RcuReference<Object> pointer = new RcuReference<>(policy(), block);
    Scene.retireFirst(policy(), block, new Trace());
    policy().barrier();
    Reader reader = policy().currentReader();
    try (ReadSection _ = reader.enter()) {
      assertBothStacks("retireFirst", IllegalStateException.class, pointer::dereference);
      assertBothStacks("retireFirst", IllegalStateException.class, () -> pointer.dereference(reader));
      pointer.assign("next");
      assertEquals("next", pointer.dereference());
    }
  }

  /** In its own time and at the cost of nothing: the checks of the read side allocate nothing either. */
  @Test
  default void followingAPointerAllocatesNothing() throws ReflectiveOperationException {
    RcuReference<String> pointer = new RcuReference<>(policy(), "target");
    Reader reader = policy().currentReader();
    Runnable often = () -> {
      for (int i = 0; i < 10_000; i++) {
        try (ReadSection _ = reader.enter()) {
          assertNotNull(pointer.dereference(reader));
          assertNotNull(pointer.dereference());
        }
      }
    };
    often.run();
    long bytes = Allocation.of(often);
    assertTrue(bytes < 10_000, () -> bytes + " bytes for 10000 sections");
  }

  private static <T extends Throwable> void assertBothStacks(String method, Class<T> type, Executable misuse) {
    T report = assertThrows(type, misuse);
    assertTrue(Scene.stands(report, "CheckedRules"), () -> "does not show the misuse: " + report);
    assertNotNull(report.getCause(), () -> "has no cause: " + report);
    assertTrue(Scene.stands(report.getCause(), method), () -> "does not show " + method + ": " + report.getCause());
  }

  /** The places that reports must show. */
  final class Scene {

    private Scene() {}

    private static void goOffline(Reader reader) {
      reader.offline();
    }

    private static void closeReader(Reader reader) {
      reader.close();
    }

    private static void retireFirst(ReclaimPolicy policy, ReclaimAction action) {
      policy.retire(action);
    }

    private static void retireFirst(ReclaimPolicy policy, Object object, ReclaimAction action) {
      policy.retire(object, action);
    }

    private static boolean stands(Throwable report, String what) {
      for (StackTraceElement frame : report.getStackTrace()) {
        if (frame.getMethodName().contains(what) || frame.getClassName().contains(what)) {
          return true;
        }
      }
      return false;
    }
  }
}
