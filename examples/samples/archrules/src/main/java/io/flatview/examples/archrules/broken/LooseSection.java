package io.flatview.examples.archrules.broken;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;

/** Leaves its section open when something is thrown, or for good. */
final class LooseSection {

  private LooseSection() {}

  static long closedUnlessThrown(MapReader reader, AddressSpace bus) {
    ReadSection section = reader.enter();
    long value = reader.load(bus, 0, 8);
    section.close();
    return value;
  }

  static void closedTooFarOut(MapReader reader, AddressSpace bus) {
    ReadSection section = reader.enter();
    reader.load(bus, 0, 8);
    try {
      reader.load(bus, 8, 8);
    } finally {
      section.close();
    }
  }

  static void forgotten(MapReader reader) {
    reader.enter();
  }

  static ReadSection handedOut(MapReader reader) {
    return reader.enter();
  }
}
