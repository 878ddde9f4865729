package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;
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
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the notifiers of a device's regions have been told, block by block, so that an invalidation can be told exactly:
 * the guest names one address of a block, which may have been larger before than it is now, or smaller.
 *
 * <p>A notifier sees its regions' tables as they were at the last invalidation, as a cache does. The monitor guards
 * everything and is not held while notifiers are called; they are called by the one thread that runs commands. A replay
 * is made of what is noted here: if it comes between the change of the note and the events about it, the events repeat
 * what it told.
 */
final class Mirrors {

  private static final long PAGE_MASK = 0xfff;

  /** Blocks by their first address, and who is told of them. */
  private static final class Mirror {

    final Set<MemoryRegion.Iommu> regions = new HashSet<>();
    final TreeMap<Long, IommuEvent.Map> blocks = new TreeMap<>(Long::compareUnsigned);
  }

  /** Events about one index, for some regions. */
  private record Told(int index, List<MemoryRegion.Iommu> regions, List<IommuEvent> events) {

    void tell() {
      regions.forEach(region -> events.forEach(event -> region.notifyIommu(index, event)));
    }
  }

  private final Map<Integer, Mirror> mirrors = new HashMap<>();
  private final Device device;
  private final Supplier<MapReader> readers;

  Mirrors(Device device, Supplier<MapReader> readers) {
    this.device = device;
    this.readers = readers;
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
    MapReader reader = readers.get();
    try (ReadSection _ = reader.enter()) {
      blocks(index, AddressRange.ALL, reader).forEach(block -> mirror.blocks.put(block.range().first(), block));
    }
    return mirror;
  }

  void replay(AddressRange range, int index, Consumer<? super IommuEvent.Map> mapped) {
    List<IommuEvent.Map> blocks;
    synchronized (this) {
      Mirror mirror = mirrors.get(index);
      blocks = mirror == null ? List.of() : List.copyOf(mirror.blocks.values());
    }
    joined(blocks).forEach(run -> run.crop(range).ifPresent(part -> mapped.accept((IommuEvent.Map) part)));
  }

  /** The guest has said that some addresses changed: tells those who mirror them what did. */
  void follow(AddressRange range) {
    List<Told> told = new ArrayList<>();
    synchronized (this) {
      if (mirrors.isEmpty()) {
        return;
      }
      MapReader reader = readers.get();
      try (ReadSection _ = reader.enter()) {
        mirrors.forEach((index, mirror) -> told.add(
            new Told(index, List.copyOf(mirror.regions), changes(mirror, index, range, reader))));
      }
    }
    told.forEach(Told::tell);
  }

  private List<IommuEvent> changes(Mirror mirror, int index, AddressRange range, MapReader reader) {
    AddressRange whole = reach(mirror, index, range, reader);
    List<IommuEvent.Map> after = blocks(index, whole, reader);
    Collection<IommuEvent.Map> held = mirror.blocks.subMap(whole.first(), true, whole.last(), true).values();
    List<IommuEvent.Map> before = List.copyOf(held);
    held.clear();
    after.forEach(block -> mirror.blocks.put(block.range().first(), block));
    List<IommuEvent> events = new ArrayList<>(unmapped(without(before, after)));
    events.addAll(joined(without(after, before)));
    return events;
  }

  private static List<IommuEvent.Map> without(List<IommuEvent.Map> blocks, List<IommuEvent.Map> others) {
    Set<IommuEvent.Map> same = new HashSet<>(others);
    return blocks.stream().filter(block -> !same.contains(block)).toList();
  }

  /** A range with the blocks of before and after that stick out of it. Blocks are aligned, so one holds the other. */
  private AddressRange reach(Mirror mirror, int index, AddressRange range, MapReader reader) {
    return around(around(range, before(mirror, range.first())), after(index, range.first(), reader));
  }

  private static AddressRange around(AddressRange range, AddressRange block) {
    return new AddressRange(
        range.contains(block.first()) ? range.first() : block.first(),
        range.contains(block.last()) ? range.last() : block.last());
  }

  private static AddressRange before(Mirror mirror, long address) {
    Map.Entry<Long, IommuEvent.Map> block = mirror.blocks.floorEntry(address);
    return block != null && block.getValue().range().contains(address)
        ? block.getValue().range()
        : new AddressRange(address, address);
  }

  private AddressRange after(int index, long address, MapReader reader) {
    IommuTlbEntry entry = probe(index, address, reader);
    return isGranted(entry)
        ? new AddressRange(address & ~entry.addrMask(), address | entry.addrMask())
        : new AddressRange(address, address);
  }

  private IommuTlbEntry probe(int index, long address, MapReader reader) {
    IommuTlbEntry entry = new IommuTlbEntry();
    device.probe(address, index, reader, entry);
    return entry;
  }

  private static boolean isGranted(IommuTlbEntry entry) {
    return entry.permits(Access.READ) || entry.permits(Access.WRITE);
  }

  /** The mapped blocks of a range, none of which sticks out of it. */
  private List<IommuEvent.Map> blocks(int index, AddressRange range, MapReader reader) {
    List<IommuEvent.Map> blocks = new ArrayList<>();
    long at = range.first();
    long last;
    do {
      IommuTlbEntry entry = probe(index, at, reader);
      last = isGranted(entry) ? at | entry.addrMask() : at | entry.addrMask() | PAGE_MASK;
      if (isGranted(entry)) {
        blocks.add(new IommuEvent.Map(new AddressRange(at, last), entry.target(), entry.apply(at),
            entry.permits(Access.READ), entry.permits(Access.WRITE)));
      }
      at = last + 1;
    } while (Long.compareUnsigned(last, range.last()) < 0);
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
