package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** Some actions that one thread retired, in its order: that thread fills the bag until it is full or sealed. */
final class RetireBag {

  /*
   *   field    | read                        | write                                  | guard
   *   state    | opaque by the owner         | CAS by the owner, RMW by the sealer    | -
   *   actions  | plain by the owner and, up  | plain by the owner, up to what it      | state
   *            | to the sealed count, by the | counted; cleared by the reclaiming     |
   *            | reclaiming thread           | thread                                 |
   *
   * state is the number of actions; the sign bit means sealed. Filling and sealing meet in that one word, so that an
   * action is either counted when the bag is sealed or was not taken in: nothing is lost and nothing runs twice. The
   * CAS of add() pairs with the RMW of seal(). Forbidden: the sealer counts an action and does not see it in the array,
   * or does not see the unlinking that its thread did before.
   *
   * Refusing is sealing with a count of 0: RetireQueue says when. It does so by a CAS from 1, as the owner does that
   * takes its first action back; so either may do it, and both find out which it was, counted or refused.
   *
   * An entry that was written when the bag was being sealed lies behind the count; no thread looks at it, and its
   * writer takes it out again. What has run is taken out too: the thread keeps its last bag, and must not keep what was
   * freed.
   *
   * Sealed bags are linked by next, under the lock of the queue and then by the reclaiming thread: moving them from one
   * list to another allocates nothing, so that no bag is lost half-way for want of memory.
   *
   * The array is of Object, since storing into it must not be checked: HotSpot checks a store into an array of an
   * interface type by asking for the interface, which is an eighth of what retiring costs.
   */

  private static final int SEALED = Integer.MIN_VALUE;
  private static final int REFUSED = SEALED;
  private static final int SMALLEST = 8;
  private static final int LARGEST = 256;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(RetireBag.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A bag that never takes anything, for threads that have not retired yet. */
  static final RetireBag NONE = new RetireBag();

  private final Object[] actions;

  /** The bag behind it in the list that it is in. */
  RetireBag next;

  // Accessed through STATE only, but for the constructors.
  private int state;

  /** A bag that holds its first action. */
  RetireBag(int capacity, ReclaimAction first) {
    actions = new Object[capacity];
    actions[0] = first;
    state = 1;
  }

  private RetireBag() {
    actions = new Object[0];
    state = SEALED;
  }

  /** The size of the next bag: as large as the use of this one suggests, within limits that bound waste. */
  int nextCapacity() {
    return Math.clamp(2L * count(), SMALLEST, LARGEST);
  }

  /** For the owner: takes an action in, unless the bag is full or sealed. */
  boolean add(ReclaimAction action) {
    int count = (int) STATE.getOpaque(this);
    return count >= 0 && count < actions.length && put(count, action);
  }

  private boolean put(int count, ReclaimAction action) {
    actions[count] = action;
    if (STATE.compareAndSet(this, count, count + 1)) { // pairs with seal
      return true;
    }
    actions[count] = null;
    return false;
  }

  /** For the owner: takes the first action back, unless another thread sealed the bag and so counted it. */
  boolean takeBack() {
    if (!refuse() && (int) STATE.getAcquire(this) != REFUSED) {
      return false;
    }
    actions[0] = null;
    return true;
  }

  /** Ends the filling with nothing taken in, unless there is more than the first action or the bag is sealed. */
  boolean refuse() {
    return STATE.compareAndSet(this, 1, REFUSED);
  }

  /** Ends the filling, and returns how many actions are inside, for good. */
  int seal() {
    return (int) STATE.getAndBitwiseOr(this, SEALED) & ~SEALED; // pairs with put
  }

  int capacity() {
    return actions.length;
  }

  /** The number of actions inside; final once the bag is sealed. */
  int count() {
    return (int) STATE.getAcquire(this) & ~SEALED;
  }

  /** For the reclaiming thread: takes an action out. */
  ReclaimAction take(int index) {
    ReclaimAction action = (ReclaimAction) actions[index];
    actions[index] = null;
    return action;
  }

  /** For the thread that gives a sealed bag up. */
  void clear() {
    Arrays.fill(actions, 0, count(), null);
  }
}
