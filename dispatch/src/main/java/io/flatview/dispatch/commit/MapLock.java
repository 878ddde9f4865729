package io.flatview.dispatch.commit;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.access.AccessChains;
import io.flatview.dispatch.failure.Warnings;
import io.flatview.dispatch.waits.Circle;
import io.flatview.dispatch.waits.Held;
import io.flatview.dispatch.waits.Wait;
import io.flatview.dispatch.waits.WaitGraph;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.ReclaimPolicy;
import java.util.function.Supplier;

/**
 * The lock of the write side. A device's callback may hold the device's lock, for which a listener that makes an access
 * may wait while its thread holds the map's lock. So a callback must not wait for the map's lock: its transactions are
 * recorded (CallbackTransaction), and regions that it closes are closed when the access has ended.
 *
 * <p>The thread that releases the lock then retires the replaced objects, which may take as long as a grace period.
 * While a thread holds the lock, it must not wait for a grace period, as a reader inside a section may be waiting for
 * the lock: so everything that runs with the lock held, callbacks of users included, is in a {@link NoWaitScope}.
 *
 * <h2>No hold is lost</h2>
 *
 * <p>A thread that ends with the lock held, since it left a transaction open, loses it to the next thread that requests
 * it: waiting threads check every {@value #LOOK_MILLIS} ms whether the holder is alive. A false from {@link
 * Thread#isAlive} happens after all actions of the thread, so its successor sees its changes. Work that the holder left
 * half done is then {@linkplain Unfinished settled} first. If a live thread holds the lock for long, waiting threads
 * report it at growing intervals: {@link LockWait}.
 *
 * <h2>No circle of waits</h2>
 *
 * <p>The holder may wait for what a thread has that waits for this lock: a device's lock, a turn, or the lock of
 * another map. A thread that waits is in the {@link WaitGraph}, and is refused at once if its wait would close a
 * circle. So a commit that need not wait pays nothing for that. Only work that devices have deferred, here or in a
 * memory system whose listener changes this one, leaves it to others in the circle to be refused, if possible, since
 * its changes would be lost.
 *
 * <table class="striped">
 * <caption>Fields</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>hold</td><td>volatile</td><td>volatile</td><td>the monitor</td></tr>
 * <tr><td>Hold.depth, Hold.begun, Hold.forbidden</td><td>plain, by the holder</td><td>plain, by the holder</td>
 * <td>being the holder</td></tr>
 * <tr><td>calling</td><td>plain</td><td>plain</td><td>being the holder</td></tr>
 * <tr><td>closed</td><td>volatile</td><td>volatile, by the holder</td><td>-</td></tr>
 * </table>
 */
public final class MapLock implements Held {

  private static final int LOOK_MILLIS = 10;

  /** The work that a thread which failed or ended has left half done. */
  interface Unfinished {

    /** Finishes or undoes that work. Each outermost holder calls this first; usually there is none. */
    void settle();

    /** Undoes the transaction of a thread that ended. */
    void abandonedBy(Hold hold);
  }

  /** One thread's hold. */
  static final class Hold {

    final Thread thread = Thread.currentThread();
    final long since = System.nanoTime();
    private NoWaitScope forbidden;
    private int depth = 1;

    /** Where the outermost transaction began, if that is known. */
    volatile Throwable begun;

    /** Says that the thread must not wait for readers. */
    void forbidWaiting(ReclaimPolicy policy, String holder) {
      forbidden = policy.forbidWaiting(holder);
    }

    void permitWaiting() {
      if (forbidden != null) {
        forbidden.close();
      }
    }
  }

  private final Object monitor = new Object();
  private final String system;
  private final String callbacks;
  private final WaitGraph waits;
  private final ReclaimPolicy policy;
  private final AccessChains chains;
  private final Handovers handovers;
  private Unfinished unfinished;
  private volatile Hold hold;
  private boolean calling;
  private volatile boolean closed;

  /**
   * Makes a free lock.
   *
   * @param system the name of the memory system, for messages
   * @param waits the threads that wait for each other
   * @param policy its readers may wait for the lock inside their sections
   * @param chains the devices that threads are in
   * @param handovers the replaced objects, which are retired when the lock is released
   */
  public MapLock(
      String system, WaitGraph waits, ReclaimPolicy policy, AccessChains chains, Handovers handovers) {
    this.system = system;
    this.waits = waits;
    this.callbacks = "an open transaction, a listener or another callback of " + system;
    this.policy = policy;
    this.chains = chains;
    this.handovers = handovers;
  }

  void settledBy(Unfinished work) {
    unfinished = work;
  }

  /** Takes the lock for a transaction; transactions of devices' callbacks take it when the access has ended. */
  void lock() {
    Hold present = hold;
    if (present != null && present.thread == Thread.currentThread()) {
      present.depth++;
      return;
    }
    Hold mine = new Hold();
    Hold left = take(mine);
    try {
      if (left != mine) {
        unfinished.abandonedBy(left);
      }
      unfinished.settle();
      mine.forbidWaiting(policy, callbacks);
    } catch (Throwable thrown) {
      release();
      throw thrown;
    }
  }

  /** Takes the lock, and returns the hold of a thread that ended with it; usually that of the caller. */
  private Hold take(Hold mine) {
    Hold former;
    synchronized (monitor) {
      former = tryTake(mine);
    }
    return former != null ? former : takeLater(mine);
  }

  /** Returns null if a thread has the lock. */
  private Hold tryTake(Hold mine) {
    Hold present = hold;
    if (present != null && present.thread.isAlive()) {
      return null;
    }
    hold = mine;
    return present != null ? present : mine;
  }

  private Hold takeLater(Hold mine) {
    StackReserve.claim();
    boolean settling = chains.current().isSettling();
    waits.begin(new Wait(mine.thread, this, settling ? Wait.Price.AN_EVENT : Wait.Price.A_CALL));
    try {
      refuseCircle(mine.thread, !settling);
      Hold former = await(mine);
      waits.end(mine.thread);
      return former;
    } catch (Throwable thrown) {
      if (hold == mine) {
        release();
      }
      waits.end(mine.thread);
      throw thrown;
    }
  }

  private Hold await(Hold mine) {
    LockWait wait = new LockWait(this);
    boolean interrupted = false;
    try {
      while (true) {
        synchronized (monitor) {
          Hold former = tryTake(mine);
          if (former != null) {
            return former;
          }
          try {
            monitor.wait(LOOK_MILLIS);
          } catch (InterruptedException _) {
            interrupted = true;
          }
        }
        wait.goOn(hold);
        refuseCircle(mine.thread, false);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void refuseCircle(Thread waiting, boolean atAnyPrice) {
    Circle circle = waits.endIfCircle(waiting, atAnyPrice);
    if (circle != null) {
      throw circle.refusal("a wait for " + this + " would never end", "nothing was changed by this call; have another"
          + " thread make it, make it when the callback or transaction has ended, or let all threads begin transactions"
          + " of several memory systems in the same order");
    }
  }

  @Override
  public Thread holder() {
    Hold present = hold;
    return present == null ? null : present.thread;
  }

  @Override
  public String toString() {
    return "the map's lock of " + system;
  }

  private void release() {
    try {
      hold.permitWaiting();
    } finally {
      synchronized (monitor) {
        hold = null;
        monitor.notify();
      }
    }
  }

  /** Releases the lock, and retires the replaced objects if that was the outermost hold. */
  void unlock() {
    if (--hold.depth == 0) {
      release();
      handovers.handOver();
    }
  }

  boolean isHeldByCurrentThread() {
    Hold present = hold;
    return present != null && present.thread == Thread.currentThread();
  }

  /** Notes where the outermost transaction of the holder began. */
  void begunAt(Throwable begun) {
    if (hold.begun == null) {
      hold.begun = begun;
    }
  }

  /**
   * Runs work while no other thread can change the tree or publish a view.
   *
   * @param <T> the type of its result
   * @param work the work; runs in the calling thread
   * @return its result
   */
  public <T> T undisturbed(Supplier<T> work) {
    refuseInDevice();
    lock();
    try {
      return work.get();
    } finally {
      unlock();
    }
  }

  /** Throws in a device's callback, where waiting for the lock is forbidden. */
  void refuseInDevice() {
    if (chains.current().isInDevice() && !isHeldByCurrentThread()) {
      throw new IllegalStateException("a device's callback can begin transactions, and close regions and address"
          + " spaces, which takes effect when the access has ended; anything else would wait for the map's lock, whose"
          + " holder may wait for the device: do it beforehand, or in another thread");
    }
  }

  /**
   * Runs work now; in a device's callback when the access has ended, with failures logged, since the caller has
   * returned then.
   */
  void outsideDevices(String what, Runnable work) {
    AccessChain chain = chains.current();
    if (chain.isInDevice()) {
      chain.afterAccess(() -> attempt(what, work));
    } else {
      work.run();
    }
  }

  /**
   * Changes the map now; in a device's callback as {@link #outsideDevices} does, as a part of the transaction that the
   * callback has open, if there is one.
   */
  void changeOutsideDevices(String what, Runnable change) {
    AccessChain chain = chains.current();
    CallbackTransaction open = CallbackTransaction.openIn(chain);
    if (open != null && chain.isInDevice()) {
      open.add(() -> attempt(what, change));
    } else {
      outsideDevices(what, change);
    }
  }

  private static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (Throwable thrown) {
      Warnings.log(MapLock.class, what, " failed after the callback of the device that asked for it", thrown);
    }
  }

  /** Whether listeners are being called. Only the holder of the lock may call this. */
  boolean isCalling() {
    return calling;
  }

  /** Sets whether listeners are being called; returns the value before. */
  boolean calling(boolean now) {
    boolean before = calling;
    calling = now;
    return before;
  }

  /**
   * Whether the memory system is closed.
   *
   * @return true from its close on
   */
  public boolean isClosed() {
    return closed;
  }

  void closeForGood() {
    closed = true;
  }

  /**
   * Throws once the memory system is closed.
   *
   * @throws IllegalStateException if it is closed
   */
  public void refuseClosed() {
    if (closed) {
      throw new IllegalStateException("the memory system is closed; create a new one");
    }
  }
}
