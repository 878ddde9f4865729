package io.flatview.rcu.spi;

import io.flatview.rcu.NoWaitScope;
import io.flatview.stack.Headroom;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The readers of one thread in one policy, and the bag that it fills. Confined to that thread, except for methods that
 * say otherwise.
 */
final class ThreadReaders {

  /*
   * The list has every explicit reader that the thread used last, and maybe others: those that were closed or taken
   * over by another thread are purged when the list has doubled. So registering n readers costs n. A thread with few
   * readers, which most are, and short-lived ones for sure, needs neither a set to look them up nor a list before the
   * first.
   */

  private static final int FEW = 8;

  private static final int FIRST_PURGE = 16;

  /** The number of the thread; no other thread ever has it. */
  final long threadNumber = Thread.currentThread().threadId();

  private final String threadName = Thread.currentThread().getName();
  private final WeakReference<Thread> owner = new WeakReference<>(Thread.currentThread());
  private List<SlotReader> explicit = List.of();
  private Set<SlotReader> listed = Set.of();
  private int purgeSize = FIRST_PURGE;
  private SlotReader implicit;
  private RetireBag bag = RetireBag.NONE;

  /** The latest of the thread's open scopes, or null. */
  private NoWait noWait;

  /** The thread; null if it was collected, and so had ended or would never have run again. Any thread may call it. */
  Thread owner() {
    return owner.get();
  }

  /** Whether the thread has ended. Any thread may call it. */
  boolean isOwnerDead() {
    Thread thread = owner.get();
    return thread == null || !thread.isAlive();
  }

  /** Name and number of the thread. Any thread may call it. */
  String describe() {
    return threadName + "#" + threadNumber;
  }

  SlotReader implicit() {
    return implicit;
  }

  void setImplicit(SlotReader reader) {
    implicit = reader;
  }

  /** Lists a reader that the thread uses from here on. */
  void addExplicit(SlotReader reader) {
    if (explicit.size() >= purgeSize) {
      purge();
    }
    if (!isListed(reader)) {
      list(reader);
    }
  }

  private boolean isListed(SlotReader reader) {
    return explicit.size() > FEW ? listed.contains(reader) : explicit.contains(reader);
  }

  private void list(SlotReader reader) {
    if (explicit.isEmpty()) {
      explicit = new ArrayList<>(1);
    }
    if (explicit.size() == FEW) {
      listed = new HashSet<>(explicit);
    }
    explicit.add(reader);
    if (explicit.size() > FEW) {
      listed.add(reader);
    }
  }

  private void purge() {
    explicit.removeIf(reader -> reader.isLostTo(this));
    listed = explicit.size() > FEW ? new HashSet<>(explicit) : Set.of();
    purgeSize = Math.max(FIRST_PURGE, 2 * explicit.size());
  }

  /** The bag that was opened last; maybe full, and maybe sealed by others. */
  RetireBag bag() {
    return bag;
  }

  void setBag(RetireBag opened) {
    bag = opened;
  }

  boolean inSection() {
    if (implicit != null && implicit.isInside(this)) {
      return true;
    }
    for (int i = 0; i < explicit.size(); i++) { // an iterator would allocate on the read side
      if (explicit.get(i).isInside(this)) {
        return true;
      }
    }
    return false;
  }

  /** Checked mode: the last remembered operation of a thread that is outside sections; may be null. */
  Throwable history() {
    return Stream.concat(Stream.ofNullable(implicit), explicit.stream().filter(reader -> reader.home() == this))
        .map(SlotReader::history).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Whether the thread may use objects that it read; unlike inSection(), true in doubt. */
  boolean mayBeInside() {
    return (implicit != null && implicit.mayBeInside(this))
        || explicit.stream().anyMatch(reader -> reader.mayBeInside(this));
  }

  /** The reason why the thread must not wait; null if it may. */
  String noWaitHolder() {
    return noWait == null ? null : noWait.holder;
  }

  NoWaitScope forbidWaiting(String holder) {
    noWait = new NoWait(holder, noWait);
    return noWait;
  }

  /** A scope, in a list from the latest to the earliest. One that is closed before a later one stays until then. */
  private final class NoWait implements NoWaitScope {

    private final String holder;
    private final NoWait earlier;
    private boolean closed;

    NoWait(String holder, NoWait earlier) {
      this.holder = holder;
      this.earlier = earlier;
    }

    @Override
    public void close() {
      closed = true;
      while (noWait != null && noWait.closed) {
        noWait = noWait.earlier;
      }
    }
  }

  /**
   * Takes the thread's own readers out of the way while the thread waits for a grace period. Forbidden: the thread goes
   * on with a reader that is still away; so the object that brings them back is allocated before the first goes away.
   */
  Wait beginWait() {
    Headroom.require();
    Wait wait = this::endWait;
    try {
      for (int i = 0; i < explicit.size(); i++) {
        explicit.get(i).beginWait(this);
      }
      return wait;
    } catch (Throwable e) {
      endWait();
      throw e;
    }
  }

  private void endWait() {
    for (int i = 0; i < explicit.size(); i++) {
      explicit.get(i).endWait(this);
    }
  }

  /** A wait of the thread, which {@link #close()} ends. */
  @FunctionalInterface
  interface Wait extends AutoCloseable {

    @Override
    void close();
  }
}
