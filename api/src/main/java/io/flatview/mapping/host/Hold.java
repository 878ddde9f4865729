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

  /** Gives the resource back; does nothing the second time. */
  public void release() {
    if (gone.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  /**
   * Whether it has been given back.
   *
   * @return true from just before the resource is given back
   */
  public boolean isReleased() {
    return gone.get();
  }

  /** Reports that the owner was dropped, and gives the resource back; does nothing if it was given back before. */
  public void dropped() {
    if (gone.compareAndSet(false, true)) {
      try {
        report.run();
      } finally {
        giveBack.run();
      }
    }
  }
}
