package io.flatview.examples.archrules.machine;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;

/** Opens sections in every way that closes them. */
final class Vcpu {

  private final AddressSpace bus;

  Vcpu(AddressSpace bus) {
    this.bus = bus;
  }

  void run(MapReader reader, long doorbell) {
    try (ReadSection _ = reader.enter()) {
      if (reader.translate(bus, doorbell, 8, Access.WRITE).isAssigned()) {
        reader.store(bus, doorbell, 8, 1);
      }
    }
    breathe(reader);
    nest(reader);
    Runnable look = new Runnable() {
      @Override
      public void run() {
        reader.load(bus, doorbell, 8);
      }
    };
    look.run();
  }

  private static void breathe(MapReader reader) {
    try (ReadSection _ = reader.enter()) { }
  }

  private long nest(MapReader reader) {
    try (ReadSection _ = reader.enter(); ReadSection _ = reader.enter()) {
      return reader.load(bus, 0, 8);
    } finally {
      ReadSection last = reader.enter();
      try {
        reader.load(bus, 8, 8);
      } finally {
        last.close();
      }
    }
  }
}
