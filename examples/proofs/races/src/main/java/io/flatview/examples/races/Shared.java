package io.flatview.examples.races;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The state that one reader and one writer share, in the least form that shows the race. Numbers are those of the
 * flavours: a slot is 0 outside, and the number of a grace period inside; the writer's grace period is number 2.
 */
public class Shared {

  static final int OLD = 0;
  static final int NEW = 1;
  static final int OUTSIDE = 0;
  static final int EARLIER = 1;
  static final int PRESENT = 2;
  static final int FREED = 1;
  static final int KEPT = 0;

  final AtomicInteger pointer = new AtomicInteger(OLD);
  final AtomicInteger epoch = new AtomicInteger(EARLIER);
  final AtomicInteger slot;

  /** The content of the old object: {@link #FREED} once its storage has been given away. */
  final AtomicInteger contents = new AtomicInteger(KEPT);

  Shared(int slot) {
    this.slot = new AtomicInteger(slot);
  }

  /** The writer, right: unlinks, fences, begins a grace period and looks at the reader once. */
  final int unlinkAndScan() {
    pointer.setRelease(NEW);
    return beginAndScan();
  }

  /** Fence B, the new number, and one look; returns {@link #FREED} if the reader need not be waited for. */
  final int beginAndScan() {
    VarHandle.fullFence();
    epoch.incrementAndGet();
    return scan();
  }

  final int scan() {
    int seen = slot.getAcquire();
    return seen == OUTSIDE || seen >= PRESENT ? FREED : KEPT;
  }

  final void freeIf(int verdict) {
    if (verdict == FREED) {
      contents.setOpaque(FREED);
    }
  }
}
