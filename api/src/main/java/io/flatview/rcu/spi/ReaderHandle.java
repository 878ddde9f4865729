package io.flatview.rcu.spi;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.lang.ref.Reference;

/**
 * What {@code register} returns in checked mode, in place of the reader itself: the policy does not refer to it, so
 * that it becomes garbage when its user drops it, and is found in {@link DroppedHandles}.
 */
final class ReaderHandle implements Reader {

  /** The reader that the policy knows. */
  final SlotReader reader;

  ReaderHandle(SlotReader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return reader.name();
  }

  /** The fence is for the collector: who finds the handle gone finds the section open. */
  @Override
  public ReadSection enter() {
    try {
      return reader.enter();
    } finally {
      Reference.reachabilityFence(this);
    }
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
  public void close() {
    reader.close();
  }
}
