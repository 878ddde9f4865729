package io.flatview.mapping.host;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A hold on a resource outside the heap, given back once: by its owner, or by the garbage collector if the owner was
 * dropped. Refers to nothing that could keep the owner from being dropped.
 */
public final class Hold {

  private final Runnable giveBack;
  private final Runnable report;
  private final AtomicBoolean gone = new AtomicBoolean();

  /**
   * Makes a hold.
   *
   * @param giveBack ends it; must not refer to the owner
   * @param report says that the owner was dropped; must not refer to the owner either
   */
  public Hold(Runnable giveBack, Runnable report) {
    this.giveBack = giveBack;
    this.report = report;
  }

  /** Gives the resource back, unless that has happened. */
  public void release() {
    if (gone.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  /**
   * Whether it has been given back.
   *
   * @return true from just before that on
   */
  public boolean isReleased() {
    return gone.get();
  }

  /** Gives the resource back after its owner was dropped, and reports that, unless it was given back before. */
  public void dropped() {
    if (gone.compareAndSet(false, true)) {
      report.run();
      giveBack.run();
    }
  }
}
