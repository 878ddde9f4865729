package io.flatview.dispatch.ram;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A hold on something outside the heap, given back once: by its owner, or by the garbage collector if the owner was
 * dropped. Refers to nothing that could keep the owner from being dropped.
 */
public final class Hold {

  private final Origin origin;
  private final Runnable giveBack;
  private final AtomicBoolean gone = new AtomicBoolean();

  /**
   * A hold.
   *
   * @param origin of the memory system
   * @param giveBack ends it; must not refer to the owner
   */
  public Hold(Origin origin, Runnable giveBack) {
    this.origin = origin;
    this.giveBack = giveBack;
  }

  /** Gives back what is held, unless that has happened. */
  public void release() {
    if (gone.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  /** Gives back what is held since its owner was dropped, and says so, unless that has happened. */
  public void dropped() {
    if (gone.compareAndSet(false, true)) {
      origin.dropped();
      giveBack.run();
    }
  }
}
