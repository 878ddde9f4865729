package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Makes what is plugged, and disposes of what was unplugged. Used by the writer's thread. */
final class Supply {

  private static final int LIBRARY_CELLS = 64;

  private final MemorySystem memory;
  private final Findings findings;
  private final boolean withRam;
  private final Staging staging;
  private final RamPool pool;
  private final RamBlock library;
  private final long librarySerial;
  private final SplittableRandom random;
  private final AtomicLong buried = new AtomicLong();
  private long unpluggedDevices;
  private long serials;

  Supply(MemorySystem memory, Findings findings, boolean withRam, InFlight inFlight, SplittableRandom random) {
    this.memory = memory;
    this.findings = findings;
    this.withRam = withRam;
    this.random = random;
    staging = new Staging(memory, inFlight::track);
    pool = new RamPool(staging, random);
    library = staging.allocate(LIBRARY_CELLS).getFirst();
    librarySerial = nextSerial(0);
    staging.stamp(library, librarySerial);
  }

  private long nextSerial(int kind) {
    return ++serials << 1 | kind;
  }

  Tenant make(int cell, int cells, int priority) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> tenant(device(cells), cell, cells, priority, 0);
      case 2 -> tenant(blank(cells), cell, cells, priority, 0);
      case 3, 4 -> mirror(cell, cells, priority);
      default -> ram(cell, cells, priority);
    };
  }

  Tenant cover() {
    return tenant(device(Windows.CELLS), 0, Windows.CELLS, Integer.MAX_VALUE, 0);
  }

  private Tenant ram(int cell, int cells, int priority) {
    if (pool.isEmpty()) {
      return tenant(device(cells), cell, cells, priority, 0);
    }
    RamBlock block = pool.take();
    long serial = nextSerial(0);
    staging.stamp(block, serial);
    return tenant(new Occupant.Memory(block, serial), cell, block.cells(), priority, 0);
  }

  private Tenant mirror(int cell, int cells, int priority) {
    int slide = random.nextInt(LIBRARY_CELLS);
    Size size = Size.bytes(cells * Windows.CELL_BYTES);
    var region = memory.alias("mirror", library.region(), slide * Windows.CELL_BYTES, size);
    return tenant(new Occupant.Mirror(region, library, librarySerial), cell, cells, priority, slide);
  }

  private Occupant device(int cells) {
    StampDevice device = new StampDevice(nextSerial(1), findings);
    return new Occupant.Device(memory.mmio("device", Size.bytes(cells * Windows.CELL_BYTES), device), device);
  }

  private Occupant blank(int cells) {
    return new Occupant.Blank(memory.reserved("blank", Size.bytes(cells * Windows.CELL_BYTES)));
  }

  private static Tenant tenant(Occupant occupant, int cell, int cells, int priority, int slide) {
    return new Tenant(occupant, cell, cells, priority, true, slide);
  }


  void fromBench(Transaction changes, Occupant occupant) {
    if (occupant instanceof Occupant.Memory ram) {
      changes.delSubregion(ram.region());
    }
  }

  void toBench(Transaction changes, Occupant occupant) {
    if (occupant instanceof Occupant.Memory ram) {
      changes.setEnabled(ram.region(), true);
      staging.putBack(changes, ram.block());
    }
  }

  /** Disposes of what was plugged by a transaction that was taken back. */
  void discard(Occupant occupant) {
    switch (occupant) {
      case Occupant.Memory ram -> pool.giveBack(ram.block());
      case Occupant.Device _, Occupant.Mirror _, Occupant.Blank _ -> occupant.region().close();
    }
  }

  /**
   * Disposes of the occupants that a commit took out of the map: at once, since the memory system keeps them for
   * readers that still see them.
   *
   * @return the remaining work, to run when no reader sees them
   */
  Runnable retire(List<Occupant> occupants) {
    List<Runnable> later = new ArrayList<>();
    for (Occupant occupant : occupants) {
      switch (occupant) {
        case Occupant.Memory ram -> later.add(() -> pool.quiesced(ram.block()));
        case Occupant.Device device -> retire(device, later);
        case Occupant.Mirror _, Occupant.Blank _ -> occupant.region().close();
      }
    }
    return () -> later.forEach(Runnable::run);
  }

  private void retire(Occupant.Device device, List<Runnable> later) {
    unpluggedDevices++;
    device.region().close();
    later.add(() -> bury(device.device()));
  }

  private void bury(StampDevice device) {
    device.die();
    buried.incrementAndGet();
  }

  /** Poisons the memory that no reader sees any more, and keeps some in stock to plug. */
  void prepare() {
    pool.collect();
    if (withRam) {
      pool.stock();
    }
  }

  /** The number of devices that were unplugged and not called yet when no reader saw them any more. */
  long unburied() {
    return unpluggedDevices - buried.get();
  }

  void close() {
    pool.close();
    staging.release(List.of(library));
    staging.close();
  }
}
