package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.memory.MemoryRegion;

/** An occupant of a window. */
sealed interface Occupant {

  /** The region that is plugged. */
  MemoryRegion region();

  /** How many cells it has, from its own start, whatever the size of the region that shows them. */
  int reach();

  /** The value of a load at the start of one of its cells. */
  long word(int cell);

  /** Whether its size can be changed. */
  default boolean isResizable() {
    return true;
  }

  /** Memory that is its own. */
  record Memory(RamBlock block, long serial) implements Occupant {
    @Override
    public MemoryRegion region() {
      return block.region();
    }

    @Override
    public int reach() {
      return block.cells();
    }

    @Override
    public long word(int cell) {
      return Stamp.of(serial, cell);
    }

    @Override
    public boolean isResizable() {
      return false;
    }
  }

  /** A device. */
  record Device(MemoryRegion.Mmio region, StampDevice device) implements Occupant {
    @Override
    public int reach() {
      return Stamp.MAX_CELLS;
    }

    @Override
    public long word(int cell) {
      return Stamp.of(device.serial(), cell);
    }
  }

  /** A window on memory that others show too. */
  record Mirror(MemoryRegion.Alias region, RamBlock target, long serial) implements Occupant {
    @Override
    public int reach() {
      return target.cells();
    }

    @Override
    public long word(int cell) {
      return Stamp.of(serial, cell);
    }
  }

  /** A place where nothing answers and nothing below shows. */
  record Blank(MemoryRegion.Reserved region) implements Occupant {
    @Override
    public int reach() {
      return Stamp.MAX_CELLS;
    }

    @Override
    public long word(int cell) {
      return Stamp.NOTHING;
    }
  }
}
