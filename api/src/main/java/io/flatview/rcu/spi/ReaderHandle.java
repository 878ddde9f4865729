package io.flatview.rcu.spi;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;

/**
 * The handle that {@code register} returns in checked mode, in place of the reader itself: the policy does not refer to
 * it, so that it becomes garbage when its user drops it, and is found in {@link DroppedHandles}.
 */
final class ReaderHandle implements Reader {

  /** The reader that the policy knows. */
  final SlotReader reader;

  /** The count that {@link #enter} and {@link #close} store and no code reads. */
  private long sections;

  ReaderHandle(SlotReader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return reader.name();
  }

  /**
   * The store after the entry keeps the handle reachable until the section is entered: so if the collector finds the
   * handle unreachable, the section is found open. A reachability fence would be a call, and might overflow the stack
   * with the section entered.
   */
  @Override
  public ReadSection enter() {
    ReadSection section = reader.enter();
    sections++;
    return section;
  }

  @Override
  public boolean inSection() {
    return reader.inSection();
  }

  @Override
  public void quiescent() {
    reader.quiescent();
  }

  @Override
  public void offline() {
    reader.offline();
  }

  @Override
  public void online() {
    reader.online();
  }

  @Override
  public boolean leaveAbandoned(Runnable last) {
    return reader.leaveAbandoned(last);
  }

  /** The store keeps the handle reachable until the reader is closed: else a sweep might report it as dropped. */
  @Override
  public void close() {
    reader.close();
    sections = 0;
  }
}
