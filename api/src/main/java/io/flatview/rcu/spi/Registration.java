package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;
import java.lang.ref.WeakReference;

/**
 * The place of a reader in its policy. A flavour passes it on to {@link SlotReader} and need not look inside.
 *
 * <p>It refers to the thread weakly and to the policy not at all: a reader, which its thread keeps alive in a
 * {@code ThreadLocal}, keeps neither of them alive.
 */
public final class Registration {

  private final String name;
  private final boolean implicit;
  private final ReaderRegistry registry;
  private final WeakReference<Thread> owner = new WeakReference<>(Thread.currentThread());
  private final Throwable origin = Checked.ON ? Checked.here("registered") : null;

  Registration(String name, boolean implicit, ReaderRegistry registry) {
    this.name = name;
    this.implicit = implicit;
    this.registry = registry;
  }

  /**
   * The name of the reader, for reports.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Whether the reader was made by {@link io.flatview.rcu.ReclaimPolicy#currentReader()}. Such a reader must not hold
   * up grace periods outside its sections.
   *
   * @return false for a reader that was registered explicitly
   */
  public boolean isImplicit() {
    return implicit;
  }

  /** Where the reader was registered, in checked mode; else null. */
  Throwable origin() {
    return origin;
  }

  boolean isIn(ReaderRegistry other) {
    return registry == other;
  }

  void leave(SlotReader reader) {
    registry.remove(reader);
  }

  /** The thread that registered the reader; null if it was collected. */
  Thread owner() {
    return owner.get();
  }

  /** A thread that was collected had ended, or would never have run again. */
  boolean isOwnerDead() {
    Thread thread = owner.get();
    return thread == null || !thread.isAlive();
  }
}
