package io.flatview.examples.archrules.machine;

import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;

/** Wraps a reader: it holds one in a field, and hands its sections on. */
abstract class CountingReader implements MapReader {

  private final MapReader wrapped;
  private long sections;

  CountingReader(MapReader wrapped) {
    this.wrapped = wrapped;
  }

  @Override
  public ReadSection enter() {
    sections++;
    return wrapped.enter();
  }

  long sections() {
    return sections;
  }
}
