package io.flatview.examples.virt64.storm;

import io.flatview.memory.CommitTicket;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two places where all of DRAM shows, too, and which change by turns. Devices are led over one of them, page by page;
 * when it has all, the other moves away. Below both is a trap: a device whose access took a way that has gone falls
 * into it.
 *
 * <p>Pages are led to a new place only when a grace period has passed since it was made: a detour is seen at once, but
 * the map by sections that begin later. The old place may go as soon as no page is led there: an access that still goes
 * there began before, and has the map of that time.
 *
 * <p>Confined to the storm's thread, but for the trap.
 */
final class Ways {

  private static final int PLACES = 8;
  private static final int BELOW = -1;

  /** Divides the number of columns. */
  private static final int AT_ONCE = 8;

  private final MemorySystem memory;
  private final MemoryRegion.Container system;
  private final PageDetours detours;
  private final long first;
  private final long stride;
  private final MemoryRegion.Alias[] ways = new MemoryRegion.Alias[2];
  private final MemoryRegion.Mmio trap;
  private final AtomicLong strays = new AtomicLong();
  private int place;
  private int next;
  private int column;
  private CommitTicket placed;

  /** {@code first} is the lowest of the addresses that the machine leaves alone. */
  Ways(MemorySystem memory, MemoryRegion.Container system, MemoryRegion.Ram dram, PageDetours detours, long first) {
    this.memory = memory;
    this.system = system;
    this.detours = detours;
    this.first = first;
    stride = Long.highestOneBit(dram.size().toBytes()) << 1;
    for (int i = 0; i < ways.length; i++) {
      ways[i] = memory.alias("storm-way" + i, dram, 0, dram.size());
    }
    trap = memory.mmio("storm-trap", Size.bytes(PLACES * stride), new Trap());
  }

  /** Counts the accesses that come here. Any thread may call it. */
  private final class Trap implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      return strays.incrementAndGet();
    }

    @Override
    public void write(long offset, int size, long value) {
      strays.incrementAndGet();
    }
  }

  void open() {
    placed = memory.update(tx -> tx
        .addSubregion(system, first, trap, BELOW)
        .addSubregion(system, newPlace(), ways[0])
        .addSubregion(system, newPlace(), ways[1]));
  }

  private long newPlace() {
    return first + place++ % PLACES * stride;
  }

  /**
   * Leads some columns elsewhere, as soon as all readers know the new place; it is tried at once, when most likely they
   * do not.
   *
   * @return how many columns
   */
  int lead() {
    if (column == detours.columns()) {
      next = 1 - next;
      column = 0;
      placed = memory.update(tx -> tx.setAddress(ways[next], newPlace()));
    }
    if (!placed.quiesced().toCompletableFuture().isDone()) {
      return 0;
    }
    for (int i = 0; i < AT_ONCE; i++) {
      detours.lead(column++, ways[next].address() - detours.first());
    }
    return AT_ONCE;
  }

  /** The column that was led last. */
  int last() {
    return column - 1;
  }

  /** Accesses that took a way which had gone. */
  long strays() {
    return strays.get();
  }

  void close() {
    for (int i = 0; i < detours.columns(); i++) {
      detours.lead(i, 0);
    }
    memory.update(tx -> tx.delSubregion(ways[0]).delSubregion(ways[1]));
    memory.update(tx -> tx.delSubregion(trap));
    ways[0].close();
    ways[1].close();
    trap.close();
  }
}
