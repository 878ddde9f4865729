package io.flatview.rcu.spi;

import io.flatview.rcu.contract.HeapProbe;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * A program for a small JVM of its own, in which a queue's first bag is taken when the heap is exhausted, and once more
 * after that: prints how many actions were taken, and whether the thread is still at it.
 */
final class RetireQueueProbe {

  private static final int LARGE = 1 << 20;
  private static final long PATIENCE_MILLIS = 20_000;
  private static Object ballast;

  private RetireQueueProbe() {}

  public static void main(String[] args) throws InterruptedException {
    AtomicLong taken = new AtomicLong();
    take(new RetireQueue(() -> 0), taken);
    new MpscUnboundedVarHandleArrayQueue<>(2).poll(); // links the looks at a queue that has nothing
    RetireQueue queue = new RetireQueue(() -> 0);
    queue.open(8, () -> {});
    Thread taking = Thread.ofPlatform().daemon().start(() -> {
      takeWithoutMemory(queue, taken);
      take(queue, taken);
    });
    taking.join(PATIENCE_MILLIS);
    System.out.println(taken + (taking.isAlive() ? " for ever" : ""));
  }

  private static void takeWithoutMemory(RetireQueue queue, AtomicLong taken) {
    try {
      ballast = HeapProbe.fill(LARGE, null);
      take(queue, taken);
    } catch (OutOfMemoryError e) {
      // the next attempt tells
    } finally {
      ballast = null;
    }
  }

  private static void take(RetireQueue queue, AtomicLong taken) {
    for (RetireBag bag = queue.take(); bag != null; bag = bag.next) {
      taken.addAndGet(bag.count());
    }
  }
}
