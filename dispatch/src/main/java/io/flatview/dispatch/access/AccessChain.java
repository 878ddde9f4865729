package io.flatview.dispatch.access;

import io.flatview.dispatch.failure.Warnings;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.dispatch.waits.Circle;
import io.flatview.dispatch.waits.Wait;
import io.flatview.dispatch.waits.WaitGraph;
import io.flatview.dispatch.waits.Waits;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.Transaction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The devices that one thread is in: an access calls a device, which makes an access from its callback, and so on.
 *
 * <p>Confined to its thread, for all readers that the thread uses.
 *
 * <h2>Locks</h2>
 *
 * <p>A thread that waits in a device's callback, perhaps in another memory system, holds that device's lock, and so may
 * be part of a circle: it enters its wait in the {@link WaitGraph graph}, and checks for a circle every millisecond.
 * Any other thread may hold a map's lock, as one that calls listeners does. Whether it does is not recorded, so that
 * commits stay cheap; so such a thread enters the graph when it has waited for a while. In a circle the access is
 * refused; devices have to expect that result anyway. The turn of an IOMMU's notifiers, or of a memory's discard
 * listeners, is a device with a lock here, and refused last, since an event would be lost.
 */
public final class AccessChain {

  private static final int USUAL_DEPTH = 4;
  private static final int NOTHING_DUE = -1;

  /** A chain of no thread. */
  static final AccessChain NONE = new AccessChain();

  final Thread owner;

  /** The number of the thread; no other thread ever has it. */
  final long ownerNumber;
  private final ThreadChains siblings;
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final AccessFrame outermost;
  private AccessFrame[] frames = new AccessFrame[USUAL_DEPTH];

  /** The number of entries of {@link #later} that have not run yet. */
  private int unsettled;

  /** The innermost transaction that callbacks have open; null if there is none. */
  private Transaction open;

  /** The number of devices that the thread is in. */
  int depth;

  /** The number of devices that the thread stays in while it leaves the others; else {@link #NOTHING_DUE}. */
  int due = NOTHING_DUE;

  private boolean warned;

  /** Whether deferred work is running. */
  boolean settling;

  private AccessChain() {
    this.siblings = null;
    this.owner = null;
    this.ownerNumber = 0;
    this.outermost = null;
  }

  AccessChain(Thread owner, ThreadChains siblings) {
    this.siblings = siblings;
    this.owner = owner;
    this.ownerNumber = owner.threadId();
    for (int i = 0; i < frames.length; i++) {
      frames[i] = new AccessFrame();
    }
    this.outermost = frames[0];
  }

  /**
   * Whether the thread is in a device's callback.
   *
   * @return true inside one
   */
  public boolean isInDevice() {
    return depth() != 0;
  }

  /**
   * Defers work until the access that led into the device has ended.
   *
   * @param work the work; runs in this thread, with no lock of a device held
   */
  public void afterAccess(Runnable work) {
    later.add(work);
    unsettled++;
  }

  /**
   * The innermost transaction that the callbacks of the thread have open.
   *
   * @return the transaction that was set last, or null
   */
  public Transaction open() {
    return open;
  }

  /**
   * Sets the innermost transaction that the callbacks of the thread have open.
   *
   * @param transaction the transaction, or null if none is open any more
   */
  public void open(Transaction transaction) {
    open = transaction;
  }

  /**
   * Whether the chain belongs to a thread, and the thread is in no device. Then nothing remains to be left, since the
   * depth is lowered last.
   */
  boolean isFreeFor(long thread) {
    return ownerNumber == thread && depth == 0;
  }

  /**
   * Enters a device without a lock, as the outermost. To leave it, the caller stores 0 in {@link #depth}, which needs
   * no stack.
   */
  AccessFrame enterOutermost(DeviceBinding device) {
    AccessFrame frame = outermost;
    if (frame.device != device) {
      frame.device = device;
    }
    depth = 1;
    return frame;
  }

  /** Whether devices have deferred work. If another thread calls this, the answer is arbitrary. */
  boolean isUnsettled() {
    return unsettled != 0;
  }

  /** Runs the work that devices have deferred, unless the thread is still in one. */
  void settle() {
    while (depth() == 0 && !later.isEmpty()) {
      StackRoom.requireForSure();
      Runnable next = later.poll();
      unsettled--;
      boolean before = settling;
      settling = true;
      try {
        next.run();
      } finally {
        settling = before;
      }
    }
  }

  /**
   * Whether the thread does what devices have deferred, of whichever memory system: if that is refused, or a listener
   * that it calls, their changes are lost.
   *
   * @return true while it does
   */
  public boolean isSettling() {
    return siblings.isSettling();
  }

  /** The number of devices that the thread is in. */
  int depth() {
    if (due != NOTHING_DUE) {
      leave();
    }
    return depth;
  }

  /** Enters a device, and returns null if that is refused. If it throws, nothing is entered and no lock held. */
  AccessFrame enter(DeviceBinding device, long offset, MapReader reader, MemTxAttrs attributes) {
    if (refuses(device)) {
      warn(device, offset, "refused: its own access came back to it");
      return null;
    }
    AccessFrame frame = prepare(device, reader, attributes);
    Circle circle = device.locks ? lock(frame, Wait.Price.AN_ACCESS) : null;
    if (circle != null) {
      warn(device, offset, "refused, or threads would wait for each other for ever: " + circle.describe());
      return null;
    }
    depth++;
    return frame;
  }

  private AccessFrame prepare(DeviceBinding device, MapReader reader, MemTxAttrs attributes) {
    if (depth == frames.length) {
      grow();
    }
    AccessFrame frame = frames[depth];
    frame.begin(device, reader, attributes);
    return frame;
  }

  /**
   * Makes calls as in a device whose lock is a turn, and then what they deferred. Leaves them some stack.
   *
   * @param turn the turn; may be entered again
   * @param calls the calls
   * @throws IllegalStateException if another thread has the turn and waits for what this one has; nothing is called
   */
  public void inTurn(DeviceBinding turn, Runnable calls) {
    StackRoom.requireForSure();
    int outer = depth();
    Circle circle = lock(prepare(turn, null, MemTxAttrs.UNSPECIFIED), Wait.Price.AN_EVENT);
    if (circle != null) {
      throw circle.refusal(turn.held() + " is taken by a thread that waits for this one",
          "nothing was called; a callback must not change what calls back to it: have another thread do so later");
    }
    try {
      depth++;
      calls.run();
    } finally {
      due = outer;
      leave();
      settle();
    }
  }

  private void grow() {
    AccessFrame[] longer = Arrays.copyOf(frames, 2 * depth);
    for (int i = depth; i < longer.length; i++) {
      longer[i] = new AccessFrame();
    }
    frames = longer;
  }

  /**
   * Leaves the devices that were entered last, until the thread is in no more than {@link #due}. The caller sets {@code
   * due} by a store before it calls this, so that if the call overflows the stack, the chain's next access leaves the
   * devices.
   */
  void leave() {
    int outer = due;
    while (depth > outer) {
      leaveLast();
    }
    due = NOTHING_DUE;
  }

  private void leaveLast() {
    AccessFrame last = frames[depth - 1];
    if (last.device.locks) {
      unlock(last);
    }
    depth--;
  }

  private static void unlock(AccessFrame left) {
    try {
      left.lock.unlock();
    } catch (IllegalMonitorStateException e) {
      // The device has released its lock itself.
    }
  }

  /** Whether the thread is in a device that must not be entered again. */
  boolean refuses(DeviceBinding device) {
    return depth != 0 && !device.reenters && isIn(device);
  }

  private boolean isIn(DeviceBinding device) {
    for (int i = 0; i < depth; i++) {
      if (frames[i].device.isSameDevice(device)) {
        return true;
      }
    }
    return false;
  }

  /** Takes the device's lock; returns null, or the circle in which waiting for the lock would never end. */
  private Circle lock(AccessFrame entered, Wait.Price price) {
    StackRoom.requireForLock();
    ReentrantLock lock = entered.device.lock();
    if (entered.lock != lock) {
      entered.lock = lock;
    }
    return lock.tryLock() ? null : waitFor(lock, entered.device, price);
  }

  private Circle waitFor(ReentrantLock lock, DeviceBinding device, Wait.Price price) {
    StackRoom.requireForSure();
    return Waits.take(WaitGraph.ALL, lock, new Wait(owner, device.held(), price), siblings.isInDevice());
  }

  /** Logs a refusal, once for each thread, so that a guest cannot fill the log. */
  private void warn(DeviceBinding device, long offset, String what) {
    if (!warned) {
      warned = true;
      Warnings.log(AccessChain.class, "access from " + from(), " to " + device.at(offset) + " " + what, null);
    }
  }

  private Object from() {
    if (depth != 0) {
      return frames[depth - 1].device;
    }
    return siblings.isInDevice() ? "a device of another memory system" : "outside devices";
  }
}
