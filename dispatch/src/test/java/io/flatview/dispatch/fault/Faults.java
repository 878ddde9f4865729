package io.flatview.dispatch.fault;

import io.flatview.rcu.RejectedRetireException;
import java.lang.StackWalker.StackFrame;
import java.util.EnumMap;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts the steps of one thread through the write side, and throws at one of them. {@link FaultLoader} has the code
 * call {@link #allocation()} before everything that may allocate, and {@link #call()} at every method's entry; the
 * tests' listeners and policy call {@link #user()} and {@link #retire()}.
 *
 * <p>Public for the code under test, which is defined by a class loader of its own. One thread at a time is armed; the
 * others only see that they are not.
 */
public final class Faults {

  /** What is thrown. */
  enum Kind {
    RUNTIME,
    CHECKED,
    STACK,
    HEAP
  }

  private enum Step {
    ALLOCATION,
    CALL,
    USER,
    RETIRE
  }

  private static final class Planted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Planted() {
      super("planted");
    }
  }

  private static final class PlantedChecked extends Exception {

    private static final long serialVersionUID = 1L;

    PlantedChecked() {
      super("planted, and checked");
    }
  }

  /** Methods that are never entered but to take back, to publish or to release. */
  private static final Set<String> RESERVED = Set.of(
      "Committer.giveUp", "Committer.rollBack", "Committer.undoAll", "Committer.takeBackFollowers", "Committer.failAll",
      "Committer.publish", "Committer.letGo", "Committer.call", "Committer.abandonDownTo", "Committer.end",
      "MapLock.unlock", "MapLock.release",
      "MapLock.calling", "EditTransaction.close", "Failures.accept", "Notification.takeBack", "Committer.takeBackCalls",
      "Committer.renewStaleAndUnlock", "Committer.replay", "Taps.takeOver",
      "Calls.takeBack", "Calls.discard", "Granules.populate", "Granules.discard", "Listening.drop", "SparseRam.drop");

  /** What they call that may fail all the same. */
  private static final Set<String> OPEN =
      Set.of("Handover.to", "Taps.renewStale", "Notification.replay", "Committer.commitOnce");

  /** A look at the stack is slow, and where one step must not fail its neighbours must not either. */
  private static final int PASSED_OVER = 16;

  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final Map<Kind, Long> INJECTED = new EnumMap<>(Kind.class);

  private static Thread armed;
  private static Kind kind;
  private static long step;
  private static long next;
  private static long gap;
  private static boolean exhausted;
  private static boolean fired;
  private static String sites = "";

  private Faults() {}

  /** Counts the steps of the calling thread, and throws nothing. */
  static void count() {
    arm(Kind.RUNTIME, Long.MAX_VALUE, 0);
  }

  /** Throws at a step of the calling thread, and again so many steps later unless that is 0. */
  static void arm(Kind thrown, long at, long again) {
    kind = thrown;
    next = at;
    gap = again;
    exhausted = false;
    begin();
  }

  /** Every allocation of the calling thread fails from a step on. */
  static void exhaust(long at) {
    kind = Kind.HEAP;
    next = at;
    exhausted = true;
    begin();
  }

  private static void begin() {
    step = 0;
    fired = false;
    armed = Thread.currentThread();
  }

  /** Ends what was armed, and returns how many steps there were. */
  static long disarm() {
    armed = null;
    return step;
  }

  /** Whether something was thrown since the thread was armed. */
  static boolean fired() {
    return fired;
  }

  static Map<Kind, Long> injected() {
    return INJECTED;
  }

  /** The code under test is about to allocate, or to call what may allocate. */
  public static void allocation() {
    if (armed == Thread.currentThread()) {
      pass(Step.ALLOCATION);
    }
  }

  /** The code under test has entered a method. */
  public static void call() {
    if (armed == Thread.currentThread()) {
      pass(Step.CALL);
    }
  }

  /** A listener is called. */
  static void user() {
    if (armed == Thread.currentThread()) {
      pass(Step.USER);
    }
  }

  /** The policy is called. */
  static void retire() {
    if (armed == Thread.currentThread()) {
      pass(Step.RETIRE);
    }
  }

  private static void pass(Step passed) {
    if (++step < next) {
      return;
    }
    if (exhausted) {
      if (passed != Step.CALL && passed != Step.USER && !isInitializing()) {
        inject(passed);
      }
    } else if (mayThrow(passed)) {
      next = gap == 0 ? Long.MAX_VALUE : step + gap;
      gap = 0;
      inject(passed);
    } else {
      next = step + PASSED_OVER;
    }
  }

  private static void inject(Step passed) {
    fired = true;
    INJECTED.merge(kind, 1L, Long::sum);
    Throwable thrown = thrown(passed);
    sites += "\n    " + kind + " at step " + step + ", " + passed + " in " + frames(thrown);
    throw Faults.<RuntimeException>sneak(thrown);
  }

  private static String frames(Throwable thrown) {
    return Stream.of(thrown.getStackTrace()).filter(Faults::isTested).limit(6).map(StackTraceElement::toString)
        .collect(Collectors.joining("\n      "));
  }

  private static boolean isTested(StackTraceElement frame) {
    return frame.getClassName().startsWith("io.flatview.dispatch.") && !frame.getClassName().contains(".fault.Faults");
  }

  /** Where something was thrown since this was asked last. */
  static String sites() {
    String thrown = sites;
    sites = "";
    return thrown;
  }

  private static Throwable thrown(Step passed) {
    return switch (kind) {
      case RUNTIME -> passed == Step.RETIRE ? new RejectedRetireException("planted", 1, 1) : new Planted();
      case CHECKED -> new PlantedChecked();
      case STACK -> new StackOverflowError("planted");
      case HEAP -> new OutOfMemoryError("planted");
    };
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** A class that fails in its initializer never comes back, and would say nothing of commits. */
  private static boolean isInitializing() {
    return WALKER.walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("<clinit>")));
  }

  /**
   * Where a commit is taken back, published, or the lock released, code stores references and calls code that does. The
   * stack for it is reserved, and it throws nothing itself: there only an allocation can fail.
   */
  private static boolean mayThrow(Step passed) {
    if (isInitializing()) {
      return false;
    }
    if (passed == Step.USER) {
      return !WALKER.walk(frames -> frames.map(Faults::method).anyMatch("Notification.takeBack"::equals));
    }
    if (passed == Step.RETIRE || passed == Step.ALLOCATION && kind == Kind.HEAP) {
      return true;
    }
    return !WALKER.walk(frames -> frames.map(Faults::method).takeWhile(method -> !OPEN.contains(method))
        .anyMatch(RESERVED::contains));
  }

  /** The logger of the code under test: silent, since thousands of failures are logged. */
  public static System.Logger logger(String name) {
    return new Silent(name);
  }

  private record Silent(String name) implements System.Logger {

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return false;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {}

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... values) {}
  }

  private static String method(StackFrame frame) {
    String name = frame.getClassName();
    return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }
}
