package io.flatview.dispatch.access;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The devices that one thread is in: an access calls a device, which makes an access from its callback, and so on.
 *
 * <p>Confined to its thread, whatever readers that uses; but other threads ask what it {@link #holds} while it
 * stands in the {@link WaitGraph}, whose lock hands over what it wrote before.
 *
 * <h2>Locks</h2>
 *
 * <p>The outermost device's lock is waited for without more ado, since a chain holds none then. Who waits in a device's
 * callback holds that device's lock, and so may be part of a circle: it says what it waits for, and looks around every
 * millisecond. In a circle the access is refused; its result is data that devices have to expect anyway.
 */
public final class AccessChain {

  private static final System.Logger LOG = System.getLogger(AccessChain.class.getName());
  private static final int USUAL_DEPTH = 4;
  private static final int NOTHING_DUE = -1;

  /** That of no thread. */
  static final AccessChain NONE = new AccessChain();

  final Thread owner;

  /** Of the thread; no other ever has it. */
  final long ownerNumber;
  private final WaitGraph waits;
  private final WaitGraph.Holder holder = this::holds;
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final AccessFrame outermost;
  private AccessFrame[] frames = new AccessFrame[USUAL_DEPTH];

  /** How much of {@link #later} is left. */
  private int unsettled;

  /** How many devices the thread is in. */
  int depth;

  /** How many devices the thread should be in, while it leaves some. */
  int due = NOTHING_DUE;

  private boolean told;

  private AccessChain() {
    this.waits = null;
    this.owner = null;
    this.ownerNumber = 0;
    this.outermost = null;
  }

  AccessChain(WaitGraph waits, Thread owner) {
    this.waits = waits;
    this.owner = owner;
    this.ownerNumber = owner.threadId();
    Arrays.setAll(frames, _ -> new AccessFrame());
    this.outermost = frames[0];
  }

  /**
   * Whether the thread is in a device's callback.
   *
   * @return true if so
   */
  public boolean isInDevice() {
    return depth() != 0;
  }

  /**
   * Has something done when the access that led into the device has ended.
   *
   * @param work what to do, in this thread, with no lock of a device held
   */
  public void afterAccess(Runnable work) {
    later.add(work);
    unsettled++;
  }

  /**
   * Whether the chain is that of a thread, which is in no device: then there is nothing left to leave, since the depth
   * is lowered last.
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

  /** Whether devices left something to do. Other threads may ask, and get any answer. */
  boolean isUnsettled() {
    return unsettled != 0;
  }

  /** Does what devices left to do, unless the thread is still in one. */
  void settle() {
    while (depth() == 0 && !later.isEmpty()) {
      unsettled--;
      later.poll().run();
    }
  }

  /** How many devices the thread is in. */
  int depth() {
    if (due != NOTHING_DUE) {
      leave();
    }
    return depth;
  }

  /** Enters a device, and returns null if that is refused. If it throws, nothing is entered and no lock held. */
  AccessFrame enter(DeviceBinding device, long offset, MapReader reader, MemTxAttrs attributes) {
    if (refuses(device)) {
      tell(device, offset, "refused: its own access came back to it");
      return null;
    }
    if (depth == frames.length) {
      grow();
    }
    AccessFrame frame = frames[depth];
    frame.begin(device, reader, attributes);
    if (device.locks && !lock(device, offset)) {
      return null;
    }
    depth++;
    return frame;
  }

  private void grow() {
    AccessFrame[] longer = Arrays.copyOf(frames, 2 * depth);
    for (int i = depth; i < longer.length; i++) {
      longer[i] = new AccessFrame();
    }
    frames = longer;
  }

  /**
   * Leaves the devices entered last, until the thread is in no more than {@link #due}, which the caller has set: by
   * itself, since a call may find no stack. The chain's next access then makes up for it.
   */
  void leave() {
    int outer = due;
    while (depth > outer) {
      leaveLast();
    }
    due = NOTHING_DUE;
  }

  private void leaveLast() {
    DeviceBinding device = frames[depth - 1].device;
    if (device.locks) {
      unlock(device);
    }
    depth--;
  }

  private static void unlock(DeviceBinding device) {
    try {
      device.guard.lock().unlock();
    } catch (IllegalMonitorStateException e) {
      // The device gave its lock back by itself.
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

  private boolean lock(DeviceBinding device, long offset) {
    StackRoom.requireForLock();
    if (device.guard.lock().tryLock()) {
      return true;
    }
    if (depth == 0) {
      device.guard.lock().lock();
      return true;
    }
    return lockWithinAnother(device, offset);
  }

  private boolean lockWithinAnother(DeviceBinding device, long offset) {
    boolean locked = false;
    waits.begin(holder, device.guard);
    try {
      locked = waitFor(device, offset);
      waits.end(holder);
      return locked;
    } catch (Throwable e) {
      if (locked) {
        device.guard.lock().unlock();
      }
      waits.end(holder);
      throw e;
    }
  }

  private boolean waitFor(DeviceBinding device, long offset) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (device.guard.lock().tryLock(1, TimeUnit.MILLISECONDS)) {
            return true;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (waits.endIfCircle(holder)) {
          tell(device, offset, "refused: its lock is held by a chain of accesses that waits for this one");
          return false;
        }
      }
    } finally {
      if (interrupted) {
        owner.interrupt();
      }
    }
  }

  /** Once for each thread, so that a guest cannot fill the log. */
  private void tell(DeviceBinding device, long offset, String what) {
    if (!told) {
      told = true;
      LOG.log(WARNING, "access from {0} to {1} {2}", frames[depth - 1].device, device.at(offset), what);
    }
  }

  private boolean holds(DeviceGuard guard) {
    for (int i = 0; i < depth; i++) {
      DeviceBinding device = frames[i].device;
      if (device.locks && device.guard == guard) {
        return true;
      }
    }
    return false;
  }
}
