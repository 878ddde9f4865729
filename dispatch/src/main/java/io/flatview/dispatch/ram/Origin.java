package io.flatview.dispatch.ram;

import io.flatview.dispatch.failure.Warnings;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The stack of a memory system's creation, for the warning if it is dropped without being closed. Refers to no part of
 * the memory system, since it outlives it.
 */
public final class Origin {

  /** The cleaner, whose thread starts at the first use. */
  private static final class Watcher {
    static final Cleaner CLEANER = Cleaner.create();
  }

  private final Throwable made = new Throwable("the memory system was made here");
  private final AtomicBoolean dropped = new AtomicBoolean();

  /** Makes the origin of a memory system that the calling thread makes. */
  public Origin() {}

  /**
   * Gives a resource back when an object is dropped.
   *
   * @param owner the object whose end is watched
   * @param giveBack gives the resource back; may run twice; must not refer to the owner
   * @return gives the resource back at once when cleaned
   */
  public Cleaner.Cleanable watch(Object owner, Runnable giveBack) {
    return Watcher.CLEANER.register(owner, giveBack);
  }

  /** Logs that a part of the memory system was dropped that should have been closed; only the first call does. */
  public void dropped() {
    if (dropped.compareAndSet(false, true)) {
      Warnings.log(
          Origin.class, "a memory system was dropped without being closed; its guest memory is given back now", made);
    }
  }
}
