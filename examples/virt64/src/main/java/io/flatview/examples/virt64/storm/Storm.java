package io.flatview.examples.virt64.storm;

import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that commits one change after the other while the machine runs: it shows and hides an alias of DRAM, moves
 * a device, switches dirty logging of all DRAM, and remaps a page of a bus master's space. The guest must not notice.
 * Each change is checked by a load through it, in a section entered after the commit returned.
 */
public final class Storm implements Runnable {

  /** Where the storm rages: addresses that the machine leaves alone. */
  private static final long PLACE = 0x10_0000_0000L;

  private static final long SLOTS = 64;
  private static final long STEP = 0x1_0000;
  private static final long DEVICE_PLACE = PLACE + (1L << 32);
  private static final long PAGE = 4096;
  private static final int KINDS = 4;
  private static final int SECOND = 1_000_000_000;
  private static final int MARK = 0x5742;

  private final MemorySystem memory;
  private final AddressSpace bus;
  private final MemoryRegion.Ram dram;
  private final MemoryRegion.Container system;
  private final long perSecond;
  private final MemoryRegion.Alias alias;
  private final MemoryRegion.Mmio device;
  private final WindowIommu iommu = new WindowIommu();
  private final MemoryRegion.Iommu iommuRegion;
  private final AddressSpace behind;
  private final DirtyClient client;

  private volatile boolean stopped;
  private long commits;
  private final long[] counts = new long[KINDS];
  private long checks;
  private long stale;
  private double seconds;

  /**
   * A storm that has not begun.
   *
   * @param memory whose map
   * @param bus the harts' address space
   * @param system its root
   * @param dram the memory that is aliased, logged and remapped; at least 64 pages
   * @param perSecond how many commits a second at most, 0 for as many as can be
   */
  public Storm(
      MemorySystem memory, AddressSpace bus, MemoryRegion.Container system, MemoryRegion.Ram dram, long perSecond) {
    this.memory = memory;
    this.bus = bus;
    this.system = system;
    this.dram = dram;
    this.perSecond = perSecond;
    alias = memory.alias("storm-alias", dram, 0, Size.bytes(SLOTS * PAGE));
    device = memory.mmio("storm-device", Size.bytes(PAGE), new Marked());
    iommuRegion = memory.iommu("storm-iommu", Size.FULL, iommu);
    behind = memory.addressSpace("storm-dma", iommuRegion);
    client = memory.dirtyClient("storm");
  }

  /** A device that can be told from everything else. Has no state. */
  private static final class Marked implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      return MARK;
    }

    @Override
    public void write(long offset, int size, long value) {
      // Nobody writes here.
    }
  }

  /** Has the thread end soon. Any thread may call this. */
  public void stop() {
    stopped = true;
  }

  /**
   * What it did. To be asked once the thread has ended.
   *
   * @return the counts
   */
  public StormReport report() {
    return new StormReport(commits, counts[0], counts[1], counts[2], counts[3], checks, stale, seconds);
  }

  /** Changes the map until it is stopped, and then takes back what it has put there. */
  @Override
  public void run() {
    memory.update(tx -> tx.addSubregion(system, PLACE, alias).addSubregion(system, DEVICE_PLACE, device));
    iommu.map(new AddressRange(0, PAGE - 1), bus, place(0), Permission.READ);
    long start = System.nanoTime();
    try (MapReader reader = memory.newReader("storm")) {
      while (!stopped) {
        change(reader);
        reader.quiescent();
        pause(reader, start);
      }
    }
    seconds = (System.nanoTime() - start) / (double) SECOND;
    memory.update(tx -> tx.delSubregion(alias).delSubregion(device).stopLog(dram, client));
    behind.close();
    alias.close();
    device.close();
    iommuRegion.close();
    client.close();
  }

  private void pause(MapReader reader, long start) {
    if (perSecond == 0) {
      return;
    }
    reader.offline();
    long due = start + (long) (commits * (double) SECOND / perSecond);
    for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    reader.online();
  }

  private void change(MapReader reader) {
    int kind = (int) (commits % KINDS);
    long round = commits / KINDS;
    switch (kind) {
      case 0 -> toggle(reader, round % 2 == 0);
      case 1 -> move(reader, DEVICE_PLACE + round % SLOTS * STEP);
      case 2 -> log(reader, round % 2 == 0);
      default -> remap(reader, (round + 1) % SLOTS);
    }
    counts[kind]++;
    commits++;
  }

  private void toggle(MapReader reader, boolean shown) {
    memory.update(tx -> tx.setEnabled(alias, shown));
    check(leadsTo(reader, PLACE, Access.READ, shown ? dram : null));
  }

  private void move(MapReader reader, long address) {
    long before = device.address();
    memory.update(tx -> tx.setAddress(device, address));
    check(reader.load(bus, address, 4) == MARK);
    check(before == address || leadsTo(reader, before, Access.READ, null));
  }

  private void log(MapReader reader, boolean logged) {
    memory.update(tx -> {
      if (logged) {
        tx.startLog(dram, client);
      } else {
        tx.stopLog(dram, client);
      }
    });
    try (ReadSection _ = reader.enter()) {
      check((reader.translate(bus, place(0), 1, Access.WRITE).memory() == null) == logged);
    }
  }

  /** A commit of its own goes with it, so that harts have a new generation to look at. */
  private void remap(MapReader reader, long page) {
    AddressRange range = new AddressRange(0, PAGE - 1);
    iommu.unmap(range);
    iommu.map(range, bus, place(page), Permission.READ);
    memory.update(tx -> tx.setAliasOffset(alias, page * PAGE));
    try (ReadSection _ = reader.enter()) {
      check(reader.translate(behind, 0, 1, Access.READ).offset() == page * PAGE);
    }
  }

  private long place(long page) {
    return dram.address() + page * PAGE;
  }

  private boolean leadsTo(MapReader reader, long address, Access access, MemoryRegion expected) {
    try (ReadSection _ = reader.enter()) {
      Translation found = reader.translate(bus, address, 1, access);
      return expected == null ? !found.isAssigned() : found.section().region() == expected;
    }
  }

  private void check(boolean right) {
    checks++;
    if (!right) {
      stale++;
    }
  }
}
