package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.util.List;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/** What was retired and has not been taken by the reclaiming thread: first in, first out. */
final class RetireQueue {

  private static final int CHUNK = 1024;
  private static final int BATCH = 1 << 16;

  private final Gate accepted = new Gate();
  private final MpscUnboundedVarHandleArrayQueue<ReclaimAction> queue = new MpscUnboundedVarHandleArrayQueue<>(CHUNK);

  /** Takes an action in, unless closed. Its unlinking happens before {@link #take} in the reclaiming thread. */
  boolean offer(ReclaimAction action) {
    return accepted.pass() && queue.offer(action);
  }

  /** For the reclaiming thread: whether {@link #take} would find anything. */
  boolean isEmpty() {
    return queue.relaxedPeek() == null;
  }

  /** For the reclaiming thread: moves what is there into a list, up to a limit that bounds a flood. */
  void take(List<ReclaimAction> batch) {
    for (int i = 0; i < BATCH; i++) {
      ReclaimAction next = queue.relaxedPoll();
      if (next == null) {
        return;
      }
      batch.add(next);
    }
  }

  /** How many were accepted; some may still be on their way into the queue. */
  long accepted() {
    return accepted.count();
  }

  void close() {
    accepted.shut();
  }

  boolean isClosed() {
    return accepted.isShut();
  }
}
