package io.flatview.iommu.riscv;

import io.flatview.iommu.ChangeOrder;
import io.flatview.iommu.Failures;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.ReadSection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The mapped blocks that the notifiers of a device's regions know of, so that an invalidation causes exact events. The
 * guest names only one address of a leaf, and that leaf may have been larger before, or smaller.
 *
 * <p>Like a cache, a mirror shows the tables as they were at the last invalidation. A block has the permissions that
 * accesses would get: a permission for which A or D would have to be set is missing if the bit cannot be set.
 *
 * <p><b>Threading.</b> The monitor guards the mirrors and is not held while notifiers are called. {@link #follow} says
 * how events are ordered. A replay reports the blocks that are noted here; if it runs after a change was noted and
 * before its events, the events repeat blocks of the replay.
 *
 * <p>The cost of a mirror follows the number of mapped blocks, since {@link Probe} skips holes. Tables that lead in
 * circles can map more than the machine's memory; so one search asks for at most {@link RiscvIommu#setMirrorLimit so
 * many} blocks. Addresses after them count as unmapped, and a warning is logged.
 */
final class Mirrors {

  /** The largest number of blocks, mapped or not, that one search asks for by default. */
  static final int USUAL_LIMIT = 1 << 21;

  private static final System.Logger LOG = System.getLogger(Mirrors.class.getName());

  /** How long a thread waits for its turn while the one that has it does not get on. */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final long PAGE_MASK = 0xfff;

  /** The mapped blocks of an index by their first address, and the regions whose notifiers are called for them. */
  private static final class Mirror {

    final Set<MemoryRegion.Iommu> regions = new HashSet<>();
    final TreeMap<Long, Probe.Block> blocks = new TreeMap<>(Long::compareUnsigned);
  }

  /** Events about one index, for some regions. */
  private record Told(int index, List<MemoryRegion.Iommu> regions, List<IommuEvent> events) {

    void tell(ChangeOrder order, Failures failures) {
      for (MemoryRegion.Iommu region : regions) {
        for (IommuEvent event : events) {
          failures.collect(() -> region.notifyIommu(index, event));
          order.getOn();
        }
      }
    }
  }

  /** Held while changes are found and notifiers are called. */
  private final ChangeOrder order = new ChangeOrder(PATIENCE);

  private final Map<Integer, Mirror> mirrors = new HashMap<>();
  private final RiscvIommu iommu;
  private final Device device;

  Mirrors(RiscvIommu iommu, Device device) {
    this.iommu = iommu;
    this.device = device;
  }

  /** Notes whether a region has notifiers for an index. */
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
   * Finds the changes in a range that the guest invalidated, and calls all notifiers, even if some throw.
   *
   * <p>Events come in the order in which changes were found, since one thread at a time searches and calls, also if it
   * is interrupted. If a notifier itself causes an invalidation, its search follows when the present events are sent.
   * It may do so in the turn of its region's notifiers, for which the thread that is searching waits. So a thread goes
   * on out of order if that one has not got on for a second.
   */
  void follow(AddressRange range, Failures failures) {
    if (isEmpty()) {
      return;
    }
    if (!order.begin()) {
      tellChanges(range, failures);
      return;
    }
    try {
      failures.collect(() -> order.call(() -> tellChanges(range)));
    } finally {
      order.end();
    }
  }

  private void tellChanges(AddressRange range) {
    Failures failures = new Failures();
    tellChanges(range, failures);
    failures.rethrow();
  }

  private void tellChanges(AddressRange range, Failures failures) {
    changes(range).forEach(each -> each.tell(order, failures));
  }

  private synchronized boolean isEmpty() {
    return mirrors.isEmpty();
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

  /**
   * The blocks that {@code others} has no equal of. Both lists are in ascending order, with one block at most at an
   * address.
   */
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
   * A range with the former and the present leaf around its first address, even where something else cuts them into
   * blocks. Leaves are aligned, so one contains the other.
   */
  private AddressRange reach(Mirror mirror, int index, AddressRange range, MapReader reader) {
    return around(around(range, before(mirror, range.first())), after(index, range.first(), reader));
  }

  private static AddressRange around(AddressRange range, AddressRange leaf) {
    return new AddressRange(
        range.contains(leaf.first()) ? range.first() : leaf.first(),
        range.contains(leaf.last()) ? range.last() : leaf.last());
  }

  /**
   * The former leaf around an address, or the address alone. The leaf may have granted nothing at the address itself;
   * so the next block below and the next above are asked.
   */
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

  /** The mapped blocks of a range, whose ends cut no block. */
  private List<Probe.Block> blocks(int index, AddressRange range, MapReader reader) {
    List<Probe.Block> blocks = new ArrayList<>();
    Probe probe = new Probe(iommu, device, index, reader);
    long at = range.first();
    int limit = iommu.mirrorLimit();
    for (int asked = 0; asked < limit; asked++) {
      probe.ask(at);
      order.getOn();
      if (probe.block() != null) {
        blocks.add(probe.block());
      }
      long last = probe.last(at) | (probe.block() == null ? PAGE_MASK : 0);
      if (Long.compareUnsigned(last, range.last()) >= 0) {
        return blocks;
      }
      at = last + 1;
    }
    LOG.log(System.Logger.Level.WARNING, "device {0} maps more than {1} blocks; from {2} on, notifiers of its index "
        + "{3} get no events; RiscvIommu.setMirrorLimit allows more", Integer.toHexString(device.id()), limit,
        AddressRange.hex(at), index);
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
