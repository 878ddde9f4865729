package io.flatview.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A pointer that readers follow inside a section and writers replace: {@code rcu_dereference} and
 * {@code rcu_assign_pointer}.
 *
 * <p>{@link #assign} is a release store and {@link #dereference} an acquire load of the same field: a reader that sees
 * the new object sees everything that was written to it before it was assigned.
 *
 * <table class="striped">
 * <caption>The ways to follow it</caption>
 * <thead><tr><th scope="col">caller</th><th scope="col">method</th><th scope="col">in {@linkplain Checked checked
 * mode}</th>
 * </tr></thead>
 * <tbody>
 * <tr><th scope="row">a thread, with a reader of its own</th><td>{@link #dereference()}</td>
 * <td>the thread must be inside a section</td></tr>
 * <tr><th scope="row">a thread that has a reference to the reader, or took over an open section from another
 * thread</th>
 * <td>{@link #dereference(Reader)}</td><td>the reader must be inside a section</td></tr>
 * <tr><th scope="row">a writer, while no other thread can replace the target</th><td>{@link
 * #dereferenceProtected()}</td>
 * <td>not checked</td></tr>
 * </tbody>
 * </table>
 *
 * @param <T> the type of the target
 */
public final class RcuReference<T> {

  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(RcuReference.class, "value", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ReclaimPolicy policy;

  // Accessed through VALUE only, but for the constructor.
  private Object value;

  /**
   * A pointer with an initial target. Hand it to other threads by a safe publication, as with any object.
   *
   * @param policy the policy through which targets are retired, and whose sections protect them
   * @param initial the first target
   */
  public RcuReference(ReclaimPolicy policy, T initial) {
    this.policy = Objects.requireNonNull(policy, "policy");
    value = initial;
  }

  /**
   * Follows the pointer inside a section of the calling thread. The result may be used until that ends.
   *
   * @return the target; pairs with {@link #assign}
   * @throws IllegalStateException in checked mode, outside a section, or if the target has been reclaimed
   */
  public T dereference() {
    if (Checked.ON) {
      policy.requireSection();
      return Checked.requireLive(follow());
    }
    return follow();
  }

  /**
   * Follows the pointer inside a section of a reader. The result may be used until that ends.
   *
   * @param reader a reader of the same policy, used by no other thread meanwhile
   * @return the target; pairs with {@link #assign}
   * @throws IllegalStateException in checked mode, if the reader is outside a section, or the target has been reclaimed
   * @throws IllegalArgumentException in checked mode, if the reader is of another policy
   */
  public T dereference(Reader reader) {
    if (Checked.ON) {
      policy.requireSection(reader);
      return Checked.requireLive(follow());
    }
    return follow();
  }

  /**
   * Follows the pointer outside any section, under the caller's own protection: {@code rcu_dereference_protected}. For
   * the writer that holds the lock under which targets are replaced; other threads may use it only if the targets are
   * never reclaimed.
   *
   * @return the target; pairs with {@link #assign}
   */
  public T dereferenceProtected() {
    return follow();
  }

  @SuppressWarnings("unchecked")
  private T follow() {
    return (T) VALUE.getAcquire(this);
  }

  /**
   * Points to another target, fully built before. The old one may be retired afterwards.
   *
   * @param next the new target; pairs with {@link #dereference}
   */
  public void assign(T next) {
    VALUE.setRelease(this, next);
  }

  /**
   * Points to another target, fully built before, and returns the previous one. Of several writers that call this at
   * once, each gets a different target, so each target is retired once.
   *
   * @param next the new target; pairs with {@link #dereference}
   * @return the target before, to be retired
   */
  @SuppressWarnings("unchecked")
  public T exchange(T next) {
    return (T) VALUE.getAndSet(this, next);
  }

  /**
   * Points to another target if the present one is {@code expected}: for writers that copy the target, change the copy,
   * and try again if another writer was faster.
   *
   * @param expected the target that was followed last, inside a section or under a lock
   * @param next the new target, fully built before; pairs with {@link #dereference}
   * @return whether it was replaced; if so, the caller retires it
   */
  public boolean compareAndSet(T expected, T next) {
    return VALUE.compareAndSet(this, expected, next);
  }

  /**
   * Points to another target, and {@linkplain ReclaimPolicy#retire(Object, ReclaimAction) retires} the previous one.
   *
   * @param next the new target, fully built before; pairs with {@link #dereference}
   * @param free called with the previous target after a grace period, unless that target is null
   * @throws RejectedRetireException if the policy refuses; then the reference points to the previous target again, and
   *     the caller retires {@code next}, which readers may have seen. If another writer has replaced {@code next}
   *     meanwhile, the previous target is lost, which a suppressed exception says
   * @throws IllegalStateException likewise, if the policy is closed
   */
  public void replace(T next, Consumer<? super T> free) {
    Objects.requireNonNull(free, "free");
    T before = exchange(next);
    if (before == null) {
      return;
    }
    try {
      policy.retire(before, () -> free.accept(before));
    } catch (Throwable e) {
      putBack(next, before, e);
      throw e;
    }
  }

  private void putBack(T next, T before, Throwable refusal) {
    if (!VALUE.compareAndSet(this, next, before)) {
      refusal.addSuppressed(new IllegalStateException(
          "what was replaced could be neither retired nor put back, as another writer was there first"));
    }
  }
}
