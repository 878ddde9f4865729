package io.flatview.dispatch.ram;

import static java.lang.System.Logger.Level.WARNING;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where a memory system was made: what is left of it for a warning, if it is dropped without being closed. Refers to
 * nothing of the memory system, since it outlives that.
 */
public final class Origin {

  private static final System.Logger LOG = System.getLogger(Origin.class.getName());

  /** Started with the first use. */
  private static final class Watcher {
    static final Cleaner CLEANER = Cleaner.create();
  }

  private final Throwable made = new Throwable("the memory system was made here");
  private final AtomicBoolean dropped = new AtomicBoolean();

  /** The calling thread makes a memory system. */
  public Origin() {}

  /**
   * Has something given back when an object is dropped.
   *
   * @param owner the object
   * @param giveBack gives it back; may run twice; must not refer to the owner
   * @return gives it back at once when cleaned
   */
  public Cleaner.Cleanable watch(Object owner, Runnable giveBack) {
    return Watcher.CLEANER.register(owner, giveBack);
  }

  /** Something of the memory system was dropped that should have been closed; reported once. */
  public void dropped() {
    if (dropped.compareAndSet(false, true)) {
      LOG.log(WARNING, "a memory system was dropped without being closed; its guest memory is given back now", made);
    }
  }
}
