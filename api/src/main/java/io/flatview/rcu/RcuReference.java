package io.flatview.rcu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A pointer that readers follow inside a section and writers replace: {@code rcu_dereference} and
 * {@code rcu_assign_pointer}.
 *
 * <p>{@link #assign} is a release store and {@link #dereference} an acquire load of the same field: a reader that sees
 * the new object sees everything that was written to it before it was assigned.
 *
 * @param <T> what is pointed to
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

  // Accessed through VALUE only, but for the constructor.
  private Object value;

  /**
   * A pointer with an initial target. Hand it to other threads by a safe publication, as with any object.
   *
   * @param initial the first target
   */
  public RcuReference(T initial) {
    value = initial;
  }

  /**
   * Follows the pointer. The result may be used until the caller's section ends.
   *
   * @return the target; pairs with {@link #assign}
   */
  @SuppressWarnings("unchecked")
  public T dereference() {
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
}
