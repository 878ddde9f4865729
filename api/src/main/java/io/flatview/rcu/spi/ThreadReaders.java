package io.flatview.rcu.spi;

import io.flatview.rcu.NoWaitScope;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The readers of one thread in one policy, and the bag that it fills. Confined to that thread. */
final class ThreadReaders {

  /** Of the thread; no other ever has it. */
  final long threadNumber = Thread.currentThread().threadId();

  private final WeakReference<Thread> owner = new WeakReference<>(Thread.currentThread());
  private final List<SlotReader> explicit = new ArrayList<>(1);
  private SlotReader implicit;
  private RetireBag bag = RetireBag.NONE;
  private String noWaitHolder;

  /** For others. */
  boolean isOwnerDead() {
    Thread thread = owner.get();
    return thread == null || !thread.isAlive();
  }

  SlotReader implicit() {
    return implicit;
  }

  void setImplicit(SlotReader reader) {
    implicit = reader;
  }

  /** Forgets closed readers here rather than in their close(), which may run in another thread after a hand-over. */
  void addExplicit(SlotReader reader) {
    explicit.removeIf(SlotReader::isClosed);
    explicit.add(reader);
  }

  /** The bag that was opened last; maybe full, and maybe sealed by others. */
  RetireBag bag() {
    return bag;
  }

  void setBag(RetireBag opened) {
    bag = opened;
  }

  boolean inSection() {
    if (implicit != null && implicit.inSection()) {
      return true;
    }
    for (int i = 0; i < explicit.size(); i++) { // no iterator: the read side asks, in checked mode
      if (explicit.get(i).inSection()) {
        return true;
      }
    }
    return false;
  }

  /** Checked mode: what there is to say about a thread that is outside; may be null. */
  Throwable history() {
    return Stream.concat(Stream.ofNullable(implicit), explicit.stream())
        .map(SlotReader::history).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** Whether the thread may hold something that it read; unlike inSection, in doubt true. */
  boolean mayBeInside() {
    return (implicit != null && implicit.mayBeInside()) || explicit.stream().anyMatch(SlotReader::mayBeInside);
  }

  /** What forbids the thread to wait; null if nothing does. */
  String noWaitHolder() {
    return noWaitHolder;
  }

  NoWaitScope forbidWaiting(String holder) {
    String before = noWaitHolder;
    NoWaitScope scope = () -> noWaitHolder = before;
    noWaitHolder = holder;
    return scope;
  }

  /** A thread that waits reads nothing: its own readers must not hold up what it waits for. */
  Wait beginWait() {
    explicit.forEach(SlotReader::beginWait);
    return this::endWait;
  }

  private void endWait() {
    explicit.forEach(SlotReader::endWait);
  }

  /** Ends with {@link #close()}. */
  @FunctionalInterface
  interface Wait extends AutoCloseable {

    @Override
    void close();
  }
}
