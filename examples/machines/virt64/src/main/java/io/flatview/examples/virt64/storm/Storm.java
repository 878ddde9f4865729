package io.flatview.examples.virt64.storm;

import io.flatview.examples.virt64.storm.StormPlan.Kind;
import io.flatview.memory.Access;
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
 * a device, switches dirty logging of all DRAM, and leads pages that devices use over another part of the map. The
 * guest must not notice. Each change is checked by a load through it, in a section entered after the commit returned;
 * and no device may come to a place that has gone.
 */
public final class Storm implements Runnable {

  /** Where the storm rages: addresses that the machine leaves alone. */
  private static final long PLACE = 0x10_0000_0000L;

  private static final long SLOTS = 64;
  private static final long STEP = 0x1_0000;
  private static final long DEVICE_PLACE = PLACE + (1L << 32);
  private static final long PAGE = 4096;
  private static final long WAYS = 0x20_0000_0000L;
  private static final int SECOND = 1_000_000_000;
  private static final long LONGEST_PARK = 500_000;
  private static final int MARK = 0x5742;

  private final MemorySystem memory;
  private final AddressSpace bus;
  private final MemoryRegion.Ram dram;
  private final MemoryRegion.Container system;
  private final StormPlan plan;
  private final MemoryRegion.Alias alias;
  private final MemoryRegion.Mmio device;
  private final AddressSpace behind;
  private final PageDetours detours;
  private final Ways ways;
  private final DirtyClient client;

  private volatile boolean stopped;
  private volatile boolean letUp;
  private long commits;
  private final long[] counts = new long[Kind.values().length];
  private final long[] rounds = new long[counts.length];
  private long raging;
  private long checks;
  private long stale;
  private double seconds;

  /**
   * A storm that has not begun.
   *
   * @param memory the memory system whose map is changed
   * @param bus the harts' address space
   * @param system the root of the map
   * @param dram the memory that is aliased, logged and led to; at least 64 pages
   * @param detours on the way of every device to the bus
   * @param behind the space whose root asks them
   * @param plan the changes to make
   */
  public Storm(
      MemorySystem memory,
      AddressSpace bus,
      MemoryRegion.Container system,
      MemoryRegion.Ram dram,
      PageDetours detours,
      AddressSpace behind,
      StormPlan plan) {
    this.memory = memory;
    this.bus = bus;
    this.system = system;
    this.dram = dram;
    this.detours = detours;
    this.behind = behind;
    this.plan = plan;
    alias = memory.alias("storm-alias", dram, 0, Size.bytes(SLOTS * PAGE));
    device = memory.mmio("storm-device", Size.bytes(PAGE), new Marked());
    ways = new Ways(memory, system, dram, detours, WAYS);
    client = memory.dirtyClient("storm");
  }

  /** A device whose word no other device or memory has. Has no state. */
  private static final class Marked implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      return MARK;
    }

    @Override
    public void write(long offset, int size, long value) {
      // No access writes here.
    }
  }

  /** Has the thread end soon. Any thread may call this. */
  public void stop() {
    stopped = true;
  }

  /**
   * Has the thread pause, with nothing logged, or go on. Any thread may call this.
   *
   * @param calm whether to pause
   */
  public void letUp(boolean calm) {
    letUp = calm;
  }

  /**
   * The counts of the storm. To be called once the thread has ended.
   *
   * @return the counts
   */
  public StormReport report() {
    return new StormReport(
        commits,
        counts[Kind.ALIAS.ordinal()],
        counts[Kind.DEVICE.ordinal()],
        counts[Kind.LOG.ordinal()],
        counts[Kind.REMAP.ordinal()],
        checks,
        stale + ways.strays(),
        seconds);
  }

  /** Changes the map until it is stopped, and then takes back what it has put there. */
  @Override
  public void run() {
    memory.update(tx -> tx.addSubregion(system, PLACE, alias).addSubregion(system, DEVICE_PLACE, device));
    ways.open();
    long start = System.nanoTime();
    try (MapReader reader = memory.newReader("storm")) {
      while (!stopped) {
        rage(reader);
        waitOutCalm(reader);
      }
    }
    seconds = (System.nanoTime() - start) / (double) SECOND;
    ways.close();
    memory.update(tx -> tx.delSubregion(alias).delSubregion(device).stopLog(dram, client));
    alias.close();
    device.close();
    client.close();
  }

  private void rage(MapReader reader) {
    raging = 0;
    long start = System.nanoTime();
    while (!stopped && !letUp) {
      change(reader);
      reader.quiescent();
      pause(reader, start);
    }
  }

  private void waitOutCalm(MapReader reader) {
    if (letUp) {
      memory.update(tx -> tx.stopLog(dram, client));
    }
    reader.offline();
    while (letUp && !stopped) {
      LockSupport.parkNanos(LONGEST_PARK);
    }
    reader.online();
  }

  private void pause(MapReader reader, long start) {
    if (plan.perSecond() == 0) {
      return;
    }
    reader.offline();
    long due = start + (long) (raging * (double) SECOND / plan.perSecond());
    for (long left = due - System.nanoTime(); left > 0 && !stopped && !letUp; left = due - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, LONGEST_PARK));
    }
    reader.online();
  }

  private void change(MapReader reader) {
    Kind kind = plan.kinds().get((int) (commits % plan.kinds().size()));
    long round = rounds[kind.ordinal()]++;
    switch (kind) {
      case ALIAS -> toggle(reader, round % 2 == 0);
      case DEVICE -> move(reader, DEVICE_PLACE + round % SLOTS * STEP);
      case LOG -> log(reader, round % 2 == 0);
      case REMAP -> remap(reader, (round + 1) % SLOTS);
    }
    commits++;
    raging++;
  }

  private void toggle(MapReader reader, boolean shown) {
    memory.update(tx -> tx.setEnabled(alias, shown));
    counts[Kind.ALIAS.ordinal()]++;
    check(leadsTo(reader, PLACE, Access.READ, shown ? dram : null));
  }

  private void move(MapReader reader, long address) {
    long before = device.address();
    memory.update(tx -> tx.setAddress(device, address));
    counts[Kind.DEVICE.ordinal()]++;
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
    counts[Kind.LOG.ordinal()]++;
    try (ReadSection _ = reader.enter()) {
      check((reader.translate(bus, place(0), 1, Access.WRITE).memory() == null) == logged);
    }
  }

  /** A commit of its own goes with it, so that harts have a new generation to look at. */
  private void remap(MapReader reader, long page) {
    int led = ways.lead();
    counts[Kind.REMAP.ordinal()] += led;
    memory.update(tx -> tx.setAliasOffset(alias, page * PAGE));
    if (led > 0) {
      checkDetour(reader, detours.sample(ways.last()));
    }
  }

  private void checkDetour(MapReader reader, long address) {
    try (ReadSection _ = reader.enter()) {
      Translation found = reader.translate(behind, address, 1, Access.READ);
      check(found.section().region() == dram && found.offset() == address - dram.address());
      check(found.address() != address);
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
