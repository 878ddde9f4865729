package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;

/**
 * The place of a reader in its policy. A flavour passes it on to {@link SlotReader} and need not look inside.
 *
 * <p>It has weak references to threads and none to the policy: so a reader that is kept keeps neither in memory.
 */
public final class Registration {

  /*
   * Short-lived threads make a reader each, so making one must be cheap: the name of an implicit reader is put together
   * on demand, and the registry is a linked list through the registrations, without a table.
   *
   *   field             | read, write  | guard
   *   reader            | plain        | the registry's lock; null while it is not in the list
   *   previous, next    | plain        | likewise
   */

  private final String name;
  private final ReaderRegistry registry;
  private final ThreadReaders origin;
  private final Throwable place = Checked.ON ? Checked.here("registered") : null;

  SlotReader reader;
  Registration previous;
  Registration next;

  /** Makes the registration of a reader; of a thread's implicit reader if the name is null. */
  Registration(String name, ReaderRegistry registry, ThreadReaders origin) {
    this.name = name;
    this.registry = registry;
    this.origin = origin;
  }

  /**
   * The name of the reader, for reports.
   *
   * @return the name
   */
  public String name() {
    return isImplicit() ? "thread " + origin.describe() : name;
  }

  /**
   * Whether the reader was made by {@link io.flatview.rcu.ReclaimPolicy#currentReader()}. Such a reader must not hold
   * up grace periods outside its sections.
   *
   * @return false for a reader that was registered explicitly
   */
  public boolean isImplicit() {
    return name == null;
  }

  /** The stack of the reader's registration, in checked mode; else null. */
  Throwable place() {
    return place;
  }

  /** The thread that registered the reader, its first user. */
  ThreadReaders origin() {
    return origin;
  }

  ThreadTable threads() {
    return registry.threads();
  }

  boolean isIn(ReaderRegistry other) {
    return registry == other;
  }

  void join(SlotReader reader) {
    registry.add(reader);
  }

  void leave(SlotReader reader) {
    registry.remove(reader);
  }
}
