package io.flatview.rcu.spi;

import io.flatview.rcu.NoWaitScope;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The readers of one thread in one policy, and the bag that it fills. Confined to that thread, but for what says
 * otherwise.
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

  /** Of the thread; no other ever has it. */
  final long threadNumber = Thread.currentThread().threadId();

  private final String threadName = Thread.currentThread().getName();
  private final WeakReference<Thread> owner = new WeakReference<>(Thread.currentThread());
  private List<SlotReader> explicit = List.of();
  private Set<SlotReader> listed = Set.of();
  private int purgeSize = FIRST_PURGE;
  private SlotReader implicit;
  private RetireBag bag = RetireBag.NONE;
  private String noWaitHolder;

  /** The thread; null if it was collected, which means that it had ended, or would never have run again. For any. */
  Thread owner() {
    return owner.get();
  }

  /** For any thread. */
  boolean isOwnerDead() {
    Thread thread = owner.get();
    return thread == null || !thread.isAlive();
  }

  /** Name and number of the thread. For any. */
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
    for (int i = 0; i < explicit.size(); i++) { // no iterator: the read side asks, in checked mode
      if (explicit.get(i).isInside(this)) {
        return true;
      }
    }
    return false;
  }

  /** Checked mode: what there is to say about a thread that is outside; may be null. */
  Throwable history() {
    return Stream.concat(Stream.ofNullable(implicit), explicit.stream().filter(reader -> reader.home() == this))
        .map(SlotReader::history).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Whether the thread may hold something that it read; unlike inSection, in doubt true. */
  boolean mayBeInside() {
    return (implicit != null && implicit.mayBeInside(this))
        || explicit.stream().anyMatch(reader -> reader.mayBeInside(this));
  }

  /** The reason why the thread must not wait; null if it may. */
  String noWaitHolder() {
    return noWaitHolder;
  }

  NoWaitScope forbidWaiting(String holder) {
    String before = noWaitHolder;
    NoWaitScope scope = () -> noWaitHolder = before;
    noWaitHolder = holder;
    return scope;
  }

  /**
   * A thread that waits reads nothing: its own readers must not hold up its own wait. Forbidden: it goes on with a
   * reader that is still away; so what brings them back is there before the first of them goes.
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

  /** Ends with {@link #close()}. */
  @FunctionalInterface
  interface Wait extends AutoCloseable {

    @Override
    void close();
  }
}
