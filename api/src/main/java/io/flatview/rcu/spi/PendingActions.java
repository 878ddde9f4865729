package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;
import io.flatview.rcu.ReclaimAction;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Checked mode: refuses an action that was retired and has not run. Each {@link ReclaimEngine} has its own.
 *
 * <p>An action without fields frees nothing of its own, and for a lambda that captures nothing the JVM makes the same
 * object each time: so such an action may be retired any number of times.
 *
 * <p><b>Threading.</b> Safe for any number of threads.
 */
public final class PendingActions {

  private static final ClassValue<Boolean> STATEFUL = new ClassValue<>() {
    @Override
    protected Boolean computeValue(Class<?> type) {
      return hasFields(type);
    }
  };

  private final Map<ReclaimAction, Throwable> pending = Collections.synchronizedMap(new IdentityHashMap<>());

  /** Makes a set without pending actions. */
  public PendingActions() {}

  /**
   * Retires an action that is not pending, and remembers it until it runs.
   *
   * @param action the action that the user retires
   * @param retire is called with the action to retire instead, which runs the user's; may throw to refuse it
   * @throws IllegalStateException if the action is pending; the cause is the stack at which it was retired
   */
  public void retire(ReclaimAction action, Consumer<ReclaimAction> retire) {
    if (!STATEFUL.get(action.getClass())) {
      retire.accept(action);
      return;
    }
    Throwable before = pending.putIfAbsent(action, Checked.here("retired"));
    if (before != null) {
      throw new IllegalStateException("an action, " + action.getClass().getName() + ", is retired by "
          + Thread.currentThread() + ", but it was retired before and has not run; the thread that unlinks an object"
          + " retires it, once", before);
    }
    try {
      retire.accept(new Pending(action));
    } catch (Throwable e) { // refused: it may be retired again
      pending.remove(action);
      throw e;
    }
  }

  private final class Pending extends WrappedAction {

    Pending(ReclaimAction action) {
      super(action);
    }

    @Override
    public void reclaim() throws Exception {
      pending.remove(wrapped);
      wrapped.reclaim();
    }

    @Override
    public void abandon(Throwable cause) {
      pending.remove(wrapped);
      super.abandon(cause);
    }
  }

  private static boolean hasFields(Class<?> type) {
    return type != null
        && (Arrays.stream(type.getDeclaredFields()).anyMatch(field -> !Modifier.isStatic(field.getModifiers()))
            || hasFields(type.getSuperclass()));
  }
}
