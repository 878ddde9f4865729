package io.flatview.examples.archrules.machine;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;

/** Lives as long as its thread's loop, and so may keep that thread's reader. */
@ThreadConfined
final class Hart {

  private final MapReader reader;
  private final AddressSpace bus;
  private long counter;

  Hart(MapReader reader, AddressSpace bus) {
    this.reader = reader;
    this.bus = bus;
  }

  void step() {
    reader.store(bus, Long.BYTES, Long.BYTES, ++counter);
  }

  long stored() {
    return reader.load(bus, Long.BYTES, Long.BYTES);
  }
}
