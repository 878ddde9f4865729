package io.flatview.dispatch.waits;

/**
 * A thread's wait for what another thread has.
 *
 * @param thread the thread that waits
 * @param wanted the object that it waits for
 * @param price the price of refusing the wait
 */
public record Wait(Thread thread, Held wanted, Price price) {

  /** What a refusal costs, in ascending order: in a circle the cheapest is refused. */
  public enum Price {
    /** An access of a device fails, as devices have to expect. */
    AN_ACCESS,
    /** A caller gets an exception, and can try again. */
    A_CALL,
    /** An event, or a change that a device has asked for, is lost. */
    AN_EVENT
  }
}
