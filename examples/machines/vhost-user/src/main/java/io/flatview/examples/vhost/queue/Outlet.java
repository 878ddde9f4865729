package io.flatview.examples.vhost.queue;

import io.flatview.examples.vhost.host.Event;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;

/**
 * An event that a queue's thread signals while the front end may replace it at any time, as it does to mask interrupts.
 * The thread signals in a section, so the descriptor is closed after a grace period: its number cannot be another
 * file's by then. Replaced by one thread.
 */
public final class Outlet implements AutoCloseable {

  private final RcuReference<Event> event;

  /**
   * Leads nowhere.
   *
   * @param policy whose sections protect it
   */
  public Outlet(ReclaimPolicy policy) {
    event = new RcuReference<>(policy, null);
  }

  /**
   * Leads elsewhere.
   *
   * @param next owned by this from now on; or null for nowhere
   */
  public void set(Event next) {
    event.replace(next, Event::close);
  }

  /** Signals. To be called in a section. */
  void signal() {
    Event present = event.dereference();
    if (present != null) {
      present.signal();
    }
  }

  @Override
  public void close() {
    set(null);
  }
}
