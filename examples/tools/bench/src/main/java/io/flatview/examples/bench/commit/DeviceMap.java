package io.flatview.examples.bench.commit;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.bench.map.FlatRange;
import io.flatview.examples.bench.map.Topology;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;
import java.util.SplittableRandom;

/** RAM and so many devices in one container, two address spaces as a PC has them, and one more device to toggle. */
final class DeviceMap implements AutoCloseable {

  static final MmioHandler TRIVIAL = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return offset;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  private static final Size PAGE = Size.bytes(0x1000);
  private static final Size PORTS = Size.bytes(0x10000);
  private static final long TOGGLED = 0xfed6_0000L;
  private static final long FIXED = 0xfee0_0000L;
  private static final long OWN = 0xfef0_0000L;

  final DispatchMemory memory;
  final MemoryRegion.Container system;
  private final ReclaimPolicy policy;
  private MemoryRegion[] placed = {};
  private MemoryRegion toggled;

  DeviceMap() {
    policy = ReclaimPolicies.discover("epoch");
    memory = DispatchMemory.create(policy);
    system = memory.container("system", Size.FULL);
    memory.addressSpace("memory", system);
    memory.addressSpace("I/O", memory.mmio("ports", PORTS, TRIVIAL));
  }

  /** A map of that name with a device to toggle. */
  static DeviceMap of(String name) {
    DeviceMap map = new DeviceMap();
    map.place(Topology.named(name).ranges());
    map.toggled = map.memory.mmio("bench-bar", PAGE, TRIVIAL);
    map.memory.update(tx -> tx.addSubregion(map.system, TOGGLED, map.toggled, 1));
    return map;
  }

  /** Builds all regions in one transaction. */
  void place(List<FlatRange> ranges) {
    placed = new MemoryRegion[ranges.size()];
    memory.update(tx -> {
      for (int i = 0; i < placed.length; i++) {
        placed[i] = region(ranges.get(i));
        tx.addSubregion(system, ranges.get(i).first(), placed[i]);
      }
    });
  }

  private MemoryRegion region(FlatRange range) {
    Size size = Size.bytes(range.last() - range.first() + 1);
    return range.ram() ? memory.ram(range.name(), size) : memory.mmio(range.name(), size, TRIVIAL);
  }

  /**
   * Opens address spaces with a root of their own, in which all of the system shows and two devices.
   *
   * @return one of the two that only the last of the spaces shows
   */
  MemoryRegion openSpaces(int count) {
    MemoryRegion own = null;
    for (int i = 0; i < count; i++) {
      MemoryRegion.Container root = memory.container("root" + i, Size.FULL);
      MemoryRegion fixed = memory.mmio("fixed" + i, PAGE, TRIVIAL);
      MemoryRegion device = memory.mmio("own" + i, PAGE, TRIVIAL);
      MemoryRegion shown = memory.alias("all" + i, system, 0, Size.FULL);
      memory.update(tx -> tx.addSubregion(root, 0, shown).addSubregion(root, FIXED, fixed, 64)
          .addSubregion(root, OWN, device, 64));
      memory.addressSpace("space" + i, root);
      own = device;
    }
    return own;
  }

  /** Opens address spaces that show what the first one shows, from the same root. */
  void openSpacesOnOneRoot(int count) {
    for (int i = 0; i < count; i++) {
      memory.addressSpace("same" + i, system);
    }
  }

  /** Commits: any of the devices comes, or goes; the first of what is placed is RAM and stays. */
  long toggleAny(SplittableRandom random) {
    return toggle(placed[random.nextInt(1, placed.length)]);
  }

  /** Commits: the device comes, or goes. */
  long toggle() {
    return toggle(toggled);
  }

  long toggle(MemoryRegion region) {
    return memory.update(tx -> tx.setEnabled(region, !region.isEnabled())).generation();
  }

  /** Waits until everything replaced is reclaimed. */
  void settle() {
    policy.barrier();
  }

  @Override
  public void close() {
    memory.close();
    policy.close();
  }
}
