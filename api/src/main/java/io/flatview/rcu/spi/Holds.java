package io.flatview.rcu.spi;

import io.flatview.rcu.PolicyHold;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** The users that need a policy, and so keep it from being closed. */
final class Holds {

  /*
   *   field  | read, write | guard
   *   open   | plain       | lock
   *   closed | plain       | lock
   *
   * The lock decides between a hold and a close at the same time: forbidden is that both succeed.
   */

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Hold> open = new LinkedHashSet<>();
  private boolean closed;

  /** A hold for a user of this name; null if the policy is closed. */
  PolicyHold add(String user) {
    Hold hold = new Hold(user);
    lock.lock();
    try {
      return !closed && open.add(hold) ? hold : null;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses every later hold; throws and changes nothing while there is a hold. */
  void close(String policy) {
    lock.lock();
    try {
      refuseIfHeld(policy);
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private void refuseIfHeld(String policy) {
    if (!open.isEmpty()) {
      throw new IllegalStateException("the " + policy + " policy is needed by "
          + open.stream().map(hold -> hold.user).collect(Collectors.joining(", "))
          + "; close this first, then the policy, which stays open and has lost nothing");
    }
  }

  private void release(Hold hold) {
    lock.lock();
    try {
      open.remove(hold);
    } finally {
      lock.unlock();
    }
  }

  private final class Hold implements PolicyHold {

    private final String user;

    Hold(String user) {
      this.user = user;
    }

    @Override
    public void close() {
      release(this);
    }
  }
}
