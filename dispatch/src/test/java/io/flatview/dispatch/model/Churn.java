package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A map of some hundred regions that changes at random: nested containers, aliases and mirrors, overlaps, what is
 * disabled, unmergeable or read-only, transactions in transactions, roll-backs, listeners that fail, and address spaces
 * that share views.
 */
final class Churn implements AutoCloseable {

  private static final long PAGE = 0x1000;
  private static final int MOST_SPACES = 6;

  private final Random random;

  /** Of its own, so that what else happens does not depend on it. */
  private final Random fitting;

  private final int regionCount;
  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MapReader reader = memory.newReader("reader");
  private final Trap trap = new Trap();
  private final List<MemoryRegion> regions = new ArrayList<>();
  private final List<MemoryRegion.Container> containers = new ArrayList<>();
  private final List<MemoryRegion> passing = new ArrayList<>();
  private final Map<AddressSpace, Mirror> mirrors = new LinkedHashMap<>();
  private int published;
  private int opened;

  Churn(long seed, int regionCount) {
    random = new Random(seed);
    fitting = new Random(~seed);
    this.regionCount = regionCount;
    memory.dirtyClient("one");
    memory.dirtyClient("other");
    containers.add(memory.container("root", Size.FULL));
    regions.add(containers.getFirst());
    while (regions.size() < regionCount) {
      make();
    }
    memory.update(this::placeAll);
    memory.update(this::placePassing);
    openSpace(containers.getFirst());
  }

  private void make() {
    String name = "r" + regions.size();
    MemoryRegion region = switch (random.nextInt(12)) {
      case 0 -> memory.container(name, Size.bytes(size() * 16));
      case 1 -> memory.alias(name, target(), random.nextBoolean() ? 0 : address(), Size.bytes(size() * 8));
      case 2, 3 -> memory.ram(name, Size.bytes(size()));
      case 4 -> memory.rom(name, Size.bytes(size()));
      case 5 -> memory.romDevice(name, Size.bytes(size()), new ByteDevice(regions.size()));
      case 6 -> memory.reserved(name, Size.bytes(size()));
      default -> memory.mmio(name, Size.bytes(size()), new ByteDevice(regions.size()));
    };
    if (region instanceof MemoryRegion.Container container) {
      containers.add(container);
    }
    regions.add(region);
  }

  /** Rarely a container: with many that lead back to themselves, nothing renders. */
  private MemoryRegion target() {
    return random.nextInt(4) == 0 ? anyOf(regions) : regions.getLast();
  }

  private <T> T anyOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private long size() {
    return random.nextInt(4) == 0 ? 1 + random.nextInt(0x3000) : PAGE << random.nextInt(3);
  }

  private long address() {
    long at = random.nextInt(regionCount * 2) * PAGE + (random.nextInt(6) == 0 ? random.nextInt(0x1000) : 0);
    return random.nextInt(20) == 0 ? at << random.nextInt(40) : at;
  }

  private void placeAll(Transaction tx) {
    for (MemoryRegion region : regions.subList(1, regions.size())) {
      attempt(() -> tx.addSubregion(parent(), address(), region, random.nextInt(-1, 2)));
    }
  }

  /** Containers that have one child, and whole aliases of what may grow and shrink. */
  private void placePassing(Transaction tx) {
    for (int i = 0; i < 3; i++) {
      MemoryRegion.Container outer = memory.container("outer" + i, Size.bytes(size() * 16));
      MemoryRegion.Container inner = memory.container("inner" + i, Size.bytes(size()));
      MemoryRegion whole = memory.alias("whole" + i, inner, 0, Size.bytes(size()));
      tx.addSubregion(outer, 0, inner);
      tx.addSubregion(inner, 0, memory.mmio("innermost" + i, Size.bytes(size()), new ByteDevice(i)));
      passing.addAll(List.of(outer, inner, whole));
    }
    regions.addAll(passing);
    passing.forEach(region -> regions.addAll(
        region instanceof MemoryRegion.Parent parent ? parent.children().stream().filter(
            child -> !regions.contains(child)).toList() : List.of()));
  }

  private MemoryRegion.Container parent() {
    return random.nextInt(3) == 0 ? anyOf(containers) : containers.getFirst();
  }

  private static void attempt(Runnable change) {
    try {
      change.run();
    } catch (MapException e) {
      // Refused, as it should be; the map is compared afterwards.
    }
  }

  /** Makes one transaction, with others in it. */
  void transact() {
    if (random.nextInt(25) == 0) {
      changeSpaces();
      return;
    }
    if (random.nextInt(20) == 0) {
      trap.arm(random.nextBoolean() ? Op.Commit.VETO : 1 + random.nextInt(5));
    }
    long before = memory.generation();
    attempt(() -> transact(0));
    trap.disarm();
    published += memory.generation() == before ? 0 : 1;
    if (random.nextInt(4) == 0) {
      policy.runGracePeriod();
    }
  }

  private void transact(int depth) {
    try (Transaction tx = memory.begin()) {
      int changes = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 3);
      for (int i = 0; i < changes; i++) {
        attempt(() -> change(tx));
        if (fitting.nextInt(10) == 0) {
          attempt(() -> fit(tx));
        }
        if (depth < 3 && random.nextInt(12) == 0) {
          transact(depth + 1);
        }
      }
      if (random.nextInt(12) == 0) {
        attempt(tx::plan);
      }
      if (random.nextInt(8) != 0) {
        tx.commit();
      }
    }
  }

  private void change(Transaction tx) {
    MemoryRegion region = regions.get(1 + random.nextInt(regions.size() - 1));
    switch (random.nextInt(15)) {
      case 0, 1 -> tx.setEnabled(region, !region.isEnabled());
      case 2 -> tx.delSubregion(region);
      case 3, 4, 5 -> tx.addSubregion(parent(), address(), region, random.nextInt(-1, 2));
      case 6, 7 -> tx.setAddress(region, address());
      case 8 -> tx.setSize(region, random.nextInt(12) == 0 ? Size.EMPTY : Size.bytes(size() * 2));
      case 9 -> tx.setReadOnly(region, random.nextBoolean());
      case 10 -> tx.setUnmergeable(region, random.nextBoolean());
      case 11 -> setMask(tx, region, random.nextInt(4));
      case 12 -> tx.setNonVolatile(region, random.nextBoolean());
      case 13 -> tx.setNoFetch(region, random.nextBoolean());
      default -> changeKind(tx, region);
    }
  }

  private static void setMask(Transaction tx, MemoryRegion region, int mask) {
    if (region instanceof MemoryRegion.Memory memory) {
      tx.setDirtyLogMask(memory, mask);
    }
  }

  /** Makes what an alias shows as large as the alias, or larger: a view root passes through it then, or stops at it. */
  private void fit(Transaction tx) {
    if (anyPassing() instanceof MemoryRegion.Alias whole && !whole.size().isEmpty()) {
      long size = whole.size().last() + 1;
      tx.setSize(whole.target(), Size.bytes(fitting.nextBoolean() ? size : size + PAGE));
    }
  }

  private MemoryRegion anyPassing() {
    return passing.get(fitting.nextInt(passing.size()));
  }

  private void changeKind(Transaction tx, MemoryRegion region) {
    switch (region) {
      case MemoryRegion.Alias alias -> tx.setAliasOffset(alias, address());
      case MemoryRegion.RomDevice device -> tx.setRomdMode(device, random.nextBoolean());
      default -> tx.setEnabled(containers.getFirst(), random.nextInt(40) != 0);
    }
  }

  private void changeSpaces() {
    if (mirrors.size() == MOST_SPACES || !mirrors.isEmpty() && random.nextInt(3) == 0) {
      AddressSpace closed = anyOf(List.copyOf(mirrors.keySet()));
      closed.close();
      mirrors.remove(closed);
    } else {
      attempt(() -> openSpace(root()));
    }
  }

  /** Often one that is passed through, or nearly. */
  private MemoryRegion root() {
    return switch (random.nextInt(4)) {
      case 0 -> anyOf(regions);
      case 1 -> anyOf(containers);
      case 2 -> anyOf(passing);
      default -> containers.getFirst();
    };
  }

  private void openSpace(MemoryRegion root) {
    AddressSpace space = memory.addressSpace("s" + opened++, root);
    Mirror mirror = new Mirror(trap);
    space.addListener(mirror);
    mirrors.put(space, mirror);
  }

  /** Compares with a full rebuild, with the mirrors that listeners keep, and with the answers that readers find. */
  void verify() {
    assertEquals(List.of(), memory.compareWithRebuild());
    mirrors.forEach((space, mirror) -> mirror.verify(space.flatView().sections()));
    try (ReadSection _ = reader.enter()) {
      mirrors.keySet().forEach(this::verifyLookups);
    }
  }

  private void verifyLookups(AddressSpace space) {
    for (MemoryRegionSection section : space.flatView().sections()) {
      verifyLookup(space, section.range().first() - 1);
      verifyLookup(space, section.range().first());
      verifyLookup(space, section.range().last());
      verifyLookup(space, section.range().last() + 1);
      reader.load(space, section.range().first(), 1);
    }
  }

  private void verifyLookup(AddressSpace space, long address) {
    Translation found = reader.translate(space, address, 1, Access.READ);
    MemoryRegionSection expected = space.flatView().find(address).orElse(null);
    assertEquals(expected, found.isAssigned() ? found.section() : null);
  }

  /** How many transactions changed something that shows. */
  int published() {
    return published;
  }

  /** Takes everything apart, and sees that no memory is left. */
  @Override
  public void close() {
    List.copyOf(mirrors.keySet()).forEach(AddressSpace::close);
    memory.update(tx -> regions.stream().filter(region -> region.parent().isPresent()).forEach(tx::delSubregion));
    regions.reversed().forEach(MemoryRegion::close);
    policy.runGracePeriod();
    assertEquals(0, memory.statistics().ramBlocks(), "blocks of memory after everything is closed");
    assertEquals(0, memory.statistics().ramBytes(), "bytes of memory after everything is closed");
    assertEquals(List.of(), policy.failures());
    reader.close();
    memory.close();
    policy.runGracePeriod();
    policy.close();
  }
}
