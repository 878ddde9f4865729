package io.flatview.rcu.spi;

import io.flatview.rcu.ReclaimAction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Some actions that one thread retired, in its order: that thread fills the bag until it is full or sealed. */
final class RetireBag {

  /*
   *   field    | read                        | write                                  | guard
   *   state    | opaque by the owner,        | CAS by the owner, RMW by the sealer,   | -
   *            | acquire by count()          | CAS by either in refuse()              |
   *   actions  | plain by the owner and, up  | plain by the owner, up to what it      | state
   *            | to the sealed count, by the | counted; cleared by the reclaiming     |
   *            | reclaiming thread           | thread, by any once the gate is shut   |
   *   before   | plain once sealed           | plain                                  | the queue's lock
   *
   * state is the number of actions; the sign bit means sealed. Filling and sealing meet in that one word, so that an
   * action is either counted when the bag is sealed or was not taken in: nothing is lost and nothing runs twice. The
   * CAS of put() pairs with the RMW of seal(). Forbidden: the sealer counts an action and does not see it in the array,
   * or does not see the unlinking that its thread did before.
   *
   * A bag is refused by sealing it with a count of 0, by a CAS from 1: RetireQueue says when. The owner or another
   * thread may do it; either finds out whether the first action was counted or refused.
   *
   * If the bag is sealed while the owner writes an entry, the entry lies beyond the count: no thread reads it, and the
   * owner clears it again. Entries whose action has run are cleared, too: the owner keeps its last bag, and must not
   * keep freed objects reachable.
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

  /** The full bag of threads that have not retired anything yet. */
  static final RetireBag NONE = new RetireBag();

  private final Object[] actions;

  /** The next bag in the list that holds this one. */
  RetireBag next;

  /** The number of actions that were accepted before those in this bag, and run before them. */
  long before;

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

  /** Called by the owner: adds an action, unless the bag is full or sealed. */
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

  /** Called by the owner: removes the first action, unless another thread sealed the bag and so counted it. */
  boolean takeBack() {
    if (!refuse() && (int) STATE.getAcquire(this) != REFUSED) {
      return false;
    }
    actions[0] = null;
    return true;
  }

  /** Seals the bag with a count of 0, unless it has more than the first action or is sealed already. */
  boolean refuse() {
    return STATE.compareAndSet(this, 1, REFUSED);
  }

  /** Seals the bag, and returns the number of its actions, which is final. */
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

  /** Called by the reclaiming thread: removes an action that has passed the gate, and returns it. */
  ReclaimAction take(int index) {
    ReclaimAction action = (ReclaimAction) actions[index];
    actions[index] = null;
    return action;
  }

  /** Called by any thread that gives up: removes an action that passes no gate, and returns it; null if it is gone. */
  synchronized ReclaimAction takeGivenUp(int index) {
    return take(index);
  }
}
