package io.flatview.iommu.riscv;

import io.flatview.iommu.Failures;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.ReadSection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What the notifiers of a device's regions have been told, block by block, so that an invalidation can be told exactly:
 * the guest names one address of a leaf, which may have been larger before than it is now, or smaller.
 *
 * <p>A notifier sees its regions' tables as they were at the last invalidation, as a cache does, and is told what
 * accesses would get: also where a bit of a table would have to be set, and cannot be. The monitor guards everything
 * and is not held while notifiers are called; they are called by the one thread that runs commands. A replay is made of
 * what is noted here: if it comes between the change of the note and the events about it, the events repeat what it
 * told.
 *
 * <p>What a mirror costs follows what is mapped, since {@link Probe} passes by what is not. Tables can map more than
 * there is memory, by leading in circles: so at most {@link #MOST_BLOCKS} are asked for at once. What lies behind them
 * is not told, as if it were not mapped, and that is logged.
 */
final class Mirrors {

  /** How many blocks, mapped or not, an invalidation of everything asks for at the most. */
  static final int MOST_BLOCKS = 1 << 21;

  private static final System.Logger LOG = System.getLogger(Mirrors.class.getName());

  private static final long PAGE_MASK = 0xfff;
  private static final long MOST_SECONDS = 1;

  /** Blocks by their first address, and the notifier that is called for them. */
  private static final class Mirror {

    final Set<MemoryRegion.Iommu> regions = new HashSet<>();
    final TreeMap<Long, Probe.Block> blocks = new TreeMap<>(Long::compareUnsigned);
  }

  /** Events about one index, for some regions. */
  private record Told(int index, List<MemoryRegion.Iommu> regions, List<IommuEvent> events) {

    void tell(Failures failures) {
      for (MemoryRegion.Iommu region : regions) {
        events.forEach(event -> failures.collect(() -> region.notifyIommu(index, event)));
      }
    }
  }

  /** Held while changes are found and told. */
  private final ReentrantLock order = new ReentrantLock();

  private final Map<Integer, Mirror> mirrors = new HashMap<>();
  private final RiscvIommu iommu;
  private final Device device;

  Mirrors(RiscvIommu iommu, Device device) {
    this.iommu = iommu;
    this.device = device;
  }

  /** A region has notifiers for an index, or has none any more. */
  synchronized void change(MemoryRegion.Iommu region, int index, boolean wanted) {
    if (wanted) {
      mirrors.computeIfAbsent(index, this::filled).regions.add(region);
      return;
    }
    Mirror mirror = mirrors.get(index);
    if (mirror != null && mirror.regions.remove(region) && mirror.regions.isEmpty()) {
      mirrors.remove(index);
    }
  }

  private Mirror filled(int index) {
    Mirror mirror = new Mirror();
    MapReader reader = iommu.reader();
    try (ReadSection _ = reader.enter()) {
      note(mirror, blocks(index, AddressRange.ALL, reader));
    }
    return mirror;
  }

  private static void note(Mirror mirror, List<Probe.Block> blocks) {
    blocks.forEach(block -> mirror.blocks.put(block.range().first(), block));
  }

  void replay(AddressRange range, int index, Consumer<? super IommuEvent.Map> mapped) {
    List<IommuEvent.Map> blocks;
    synchronized (this) {
      Mirror mirror = mirrors.get(index);
      blocks = mirror == null ? List.of() : mirror.blocks.values().stream().map(Probe.Block::event).toList();
    }
    joined(blocks).forEach(run -> run.crop(range).ifPresent(part -> mapped.accept((IommuEvent.Map) part)));
  }

  /**
   * Calls the notifiers of what changed in a range that the guest invalidated, whichever of them throws.
   *
   * <p>What is found first is told first. A notifier that is being called may lead here in its turn, with the monitor
   * of its region held, for which another thread waits that tells: then the order is not waited for any longer.
   */
  void follow(AddressRange range, Failures failures) {
    if (isEmpty()) {
      return;
    }
    boolean ordered = awaitTurn();
    try {
      changes(range).forEach(each -> each.tell(failures));
    } finally {
      if (ordered) {
        order.unlock();
      }
    }
  }

  private synchronized boolean isEmpty() {
    return mirrors.isEmpty();
  }

  private boolean awaitTurn() {
    try {
      return order.tryLock(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return order.tryLock();
    }
  }

  private synchronized List<Told> changes(AddressRange range) {
    List<Told> told = new ArrayList<>();
    MapReader reader = iommu.reader();
    try (ReadSection _ = reader.enter()) {
      mirrors.forEach((index, mirror) -> told.add(
          new Told(index, List.copyOf(mirror.regions), changes(mirror, index, range, reader))));
    }
    return told;
  }

  private List<IommuEvent> changes(Mirror mirror, int index, AddressRange range, MapReader reader) {
    AddressRange whole = reach(mirror, index, range, reader);
    List<Probe.Block> after = blocks(index, whole, reader);
    Collection<Probe.Block> held = mirror.blocks.subMap(whole.first(), true, whole.last(), true).values();
    List<Probe.Block> before = List.copyOf(held);
    held.clear();
    note(mirror, after);
    List<IommuEvent> events = new ArrayList<>(unmapped(without(before, after)));
    events.addAll(joined(without(after, before)));
    return events;
  }

  /** Both are in ascending order, and each has one block at most at an address. */
  private static List<IommuEvent.Map> without(List<Probe.Block> blocks, List<Probe.Block> others) {
    List<IommuEvent.Map> rest = new ArrayList<>();
    int at = 0;
    for (Probe.Block block : blocks) {
      while (at < others.size() && isBelow(others.get(at), block)) {
        at++;
      }
      if (at == others.size() || !others.get(at).event().equals(block.event())) {
        rest.add(block.event());
      }
    }
    return rest;
  }

  private static boolean isBelow(Probe.Block one, Probe.Block other) {
    return Long.compareUnsigned(one.range().first(), other.range().first()) < 0;
  }

  /**
   * A range with the leaves of before and after that stick out of it, whatever blocks something else cuts them into.
   * Leaves are aligned, so one holds the other.
   */
  private AddressRange reach(Mirror mirror, int index, AddressRange range, MapReader reader) {
    return around(around(range, before(mirror, range.first())), after(index, range.first(), reader));
  }

  private static AddressRange around(AddressRange range, AddressRange leaf) {
    return new AddressRange(
        range.contains(leaf.first()) ? range.first() : leaf.first(),
        range.contains(leaf.last()) ? range.last() : leaf.last());
  }

  /** The leaf that an address was of; it may have granted something elsewhere only. */
  private static AddressRange before(Mirror mirror, long address) {
    Map.Entry<Long, Probe.Block> below = mirror.blocks.floorEntry(address);
    if (below != null && below.getValue().leaf().contains(address)) {
      return below.getValue().leaf();
    }
    Map.Entry<Long, Probe.Block> above = mirror.blocks.ceilingEntry(address);
    return above != null && above.getValue().leaf().contains(address)
        ? above.getValue().leaf()
        : new AddressRange(address, address);
  }

  private AddressRange after(int index, long address, MapReader reader) {
    Probe probe = new Probe(iommu, device, index, reader);
    probe.ask(address);
    return probe.leaf(address);
  }

  /** The mapped blocks of a range, none of which sticks out of it. */
  private List<Probe.Block> blocks(int index, AddressRange range, MapReader reader) {
    List<Probe.Block> blocks = new ArrayList<>();
    Probe probe = new Probe(iommu, device, index, reader);
    long at = range.first();
    for (int asked = 0; asked < iommu.mostBlocks; asked++) {
      probe.ask(at);
      if (probe.block() != null) {
        blocks.add(probe.block());
      }
      long last = probe.last(at) | (probe.block() == null ? PAGE_MASK : 0);
      if (Long.compareUnsigned(last, range.last()) >= 0) {
        return blocks;
      }
      at = last + 1;
    }
    LOG.log(System.Logger.Level.WARNING, "device {0} maps more than can be told; from {1} on, notifiers of its index "
        + "{2} are told of nothing", Integer.toHexString(device.id()), AddressRange.hex(at), index);
    return blocks;
  }

  private static List<IommuEvent.Map> joined(List<IommuEvent.Map> blocks) {
    List<IommuEvent.Map> runs = new ArrayList<>();
    for (IommuEvent.Map block : blocks) {
      if (!runs.isEmpty() && runs.getLast().isContinuedBy(block)) {
        runs.set(runs.size() - 1, runs.getLast().joinedWith(block));
      } else {
        runs.add(block);
      }
    }
    return runs;
  }

  private static List<IommuEvent> unmapped(List<IommuEvent.Map> blocks) {
    List<IommuEvent> runs = new ArrayList<>();
    for (IommuEvent.Map block : blocks) {
      if (!runs.isEmpty() && runs.getLast().range().last() + 1 == block.range().first()) {
        long first = runs.removeLast().range().first();
        runs.add(new IommuEvent.Unmap(new AddressRange(first, block.range().last())));
      } else {
        runs.add(new IommuEvent.Unmap(block.range()));
      }
    }
    return runs;
  }
}
