package io.flatview.examples.archrules.broken;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Translation;
import io.flatview.rcu.ThreadConfined;

/** Says that it belongs to one thread, and is a device, which every vCPU calls. */
@ThreadConfined
final class SharedReader implements MmioHandler {

  private final MapReader reader;
  private final AddressSpace bus;

  SharedReader(MapReader reader, AddressSpace bus) {
    this.reader = reader;
    this.bus = bus;
  }

  @Override
  public long read(long offset, int size) {
    return reader.load(bus, offset, size);
  }

  @Override
  public void write(long offset, int size, long value) {
    Confined.latest = reader;
  }

  /** One thread's, and yet keeps what ends before it, and a reader where all threads find it. */
  @ThreadConfined
  static final class Confined {
    private static MapReader latest;
    private Translation found;

    void keep(Translation translation) {
      found = translation;
    }

    boolean isAssigned() {
      return found.isAssigned() && latest != null;
    }
  }
}
