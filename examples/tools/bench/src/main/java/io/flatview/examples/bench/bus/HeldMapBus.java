package io.flatview.examples.bench.bus;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ThreadConfined;

/** A memory system; a section for each batch of instructions. */
@ThreadConfined
final class HeldMapBus implements Bus {

  private final MapBus bus;

  HeldMapBus(int devices) {
    bus = new MapBus(devices);
  }

  @Override
  public void batch(Runnable instructions) {
    try (ReadSection _ = bus.reader.enter()) {
      instructions.run();
    }
  }

  @Override
  public long load(long address, int size) {
    return bus.load(address, size);
  }

  @Override
  public void store(long address, int size, long value) {
    bus.store(address, size, value);
  }

  @Override
  public void close() {
    bus.close();
  }
}
