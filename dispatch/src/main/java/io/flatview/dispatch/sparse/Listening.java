package io.flatview.dispatch.sparse;

import io.flatview.dispatch.failure.Failure;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import java.util.List;

/** A registered listener. */
final class Listening implements RamDiscardManager.Registration {

  private final SparseRam ram;
  final RamDiscardListener listener;
  final MemoryRegionSection section;

  /** Read and written in turns. */
  boolean open = true;

  Listening(SparseRam ram, RamDiscardListener listener, MemoryRegionSection section) {
    this.ram = ram;
    this.listener = listener;
    this.section = section;
  }

  /** Calls the listener, and returns what it throws. */
  Throwable discard(MemoryRegionSection part) {
    try {
      listener.discard(part);
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  /** Calls the listener for each part, even if it throws; returns the first failure, or null. */
  Throwable drop(List<MemoryRegionSection> parts, Throwable earlier) {
    Throwable failure = earlier;
    for (int i = 0; i < parts.size(); i++) {
      failure = Failure.join(failure, discard(parts.get(i)));
    }
    return failure;
  }

  /** The offsets in its memory that a section shows. */
  static AddressRange offsets(MemoryRegionSection section) {
    return new AddressRange(section.offsetInRegion(), Extent.last(section));
  }

  @Override
  public void close() {
    ram.remove(this);
  }

  /** The listener by its class, since its own text may throw. */
  @Override
  public String toString() {
    return listener.getClass().getName() + " for offsets " + offsets(section);
  }
}
