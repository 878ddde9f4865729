package io.flatview.rcu;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

/** Checked mode: the objects that were retired, as long as they are reachable, with the stack of their retirement. */
final class Lifetimes {

  /*
   * This is a hash table of its own, since lookups are on the read side, which allocates nothing and takes no lock:
   * that rules out the maps of the JDK. It hashes by identity. An entry is removed after its object was collected.
   *
   *   field      | read              | write                          | guard
   *   bucket     | acquire by any    | release                        | LOCK
   *   next       | volatile by any   | volatile                       | LOCK
   *   reclaimed  | volatile by any   | volatile by the action         | single writer
   *
   * A removed entry keeps its next, so that a thread which is reading it finds the rest of the chain.
   */

  private static final int BUCKETS = 1 << 12;
  private static final AtomicReferenceArray<Life> CHAINS = new AtomicReferenceArray<>(BUCKETS);
  private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();
  private static final ReentrantLock LOCK = new ReentrantLock();

  private Lifetimes() {}

  /** Retires an object by an action that marks it as reclaimed first. */
  static void retire(ReclaimPolicy policy, Object object, ReclaimAction action) {
    Life life = begin(object);
    try {
      policy.retire(new Ending(life, action));
    } catch (Throwable e) { // refused: it may be retired again
      forget(life);
      throw e;
    }
  }

  static void requireLive(Object object) {
    Life life = object == null ? null : find(object);
    if (life != null && life.reclaimed) {
      throw new IllegalStateException(describe(object) + " is used by " + Thread.currentThread()
          + " after it was reclaimed; unlink it before it is retired, and use it inside sections only", life.retired);
    }
  }

  private static Life begin(Object object) {
    LOCK.lock();
    try {
      purge();
      Life before = find(object);
      if (before != null) {
        throw new IllegalStateException(describe(object) + " is retired by " + Thread.currentThread()
            + ", but it was retired before; the thread that unlinks an object retires it, once", before.retired);
      }
      int bucket = bucketOf(object);
      Life life = new Life(object, bucket, CHAINS.get(bucket));
      CHAINS.setRelease(bucket, life);
      return life;
    } finally {
      LOCK.unlock();
    }
  }

  private static void forget(Life life) {
    LOCK.lock();
    try {
      unlink(life);
    } finally {
      LOCK.unlock();
    }
  }

  private static void purge() {
    for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
      unlink((Life) gone);
    }
  }

  private static void unlink(Life gone) {
    Life before = CHAINS.get(gone.bucket);
    if (before == gone) {
      CHAINS.setRelease(gone.bucket, gone.next);
      return;
    }
    while (before != null && before.next != gone) {
      before = before.next;
    }
    if (before != null) {
      before.next = gone.next;
    }
  }

  private static Life find(Object object) {
    Life life = CHAINS.getAcquire(bucketOf(object));
    while (life != null && !life.refersTo(object)) {
      life = life.next;
    }
    return life;
  }

  private static int bucketOf(Object object) {
    return System.identityHashCode(object) & BUCKETS - 1;
  }

  /** The class and identity hash of an object; calls no method of the object, which may be freed. */
  private static String describe(Object object) {
    return Optional.ofNullable(object.getClass().getCanonicalName()).orElse(object.getClass().getName())
        + "@" + Integer.toHexString(System.identityHashCode(object));
  }

  /** Marks an object as reclaimed before its action runs. */
  private record Ending(Life life, ReclaimAction action) implements ReclaimAction {

    @Override
    public void reclaim() throws Exception {
      life.reclaimed = true;
      action.reclaim();
    }

    @Override
    public void abandon(Throwable cause) {
      action.abandon(cause);
    }
  }

  /** An object from its retirement on, until it is collected. */
  private static final class Life extends WeakReference<Object> {

    private final int bucket;
    private final Throwable retired = Checked.here("retired");
    private volatile Life next;
    private volatile boolean reclaimed;

    Life(Object object, int bucket, Life next) {
      super(object, COLLECTED);
      this.bucket = bucket;
      this.next = next;
    }
  }
}
