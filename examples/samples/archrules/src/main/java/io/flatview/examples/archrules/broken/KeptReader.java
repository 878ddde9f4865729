package io.flatview.examples.archrules.broken;

import io.flatview.memory.MapReader;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.util.ArrayList;
import java.util.List;

/** Keeps for later what is valid only now. */
final class KeptReader {

  private final MapReader reader;
  private final ThreadLocal<MapReader> readers = new ThreadLocal<>();
  private final List<Translation> seen = new ArrayList<>();
  private ReadSection open;

  KeptReader(MapReader reader) {
    this.reader = reader;
  }

  void open() {
    readers.set(reader);
    open = reader.enter();
    seen.clear();
  }

  void close() {
    open.close();
  }
}
