package io.flatview.dispatch;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/**
 * A small machine with a region of each kind, and edges between them, for readers that threads share. One page is
 * never written, and an IOMMU leads to all the others.
 */
final class SharedMachine {

  private static final int PAGE = 0x1000;
  private static final int KNOWN = 0x8000;
  private static final int BEHIND_IOMMU = 0x1_0000;
  private static final long[] EDGES = {
      0x1000, 0x1010, 0x1020, 0x1030, 0x1040, 0x2000, 0x2800, 0x3000, 0x4000, 0x4100, 0x5000, 0x6000, 0x7000, 0x8000};

  private final DispatchMemory memory;
  private final AddressSpace[] spaces;
  private final MapReader shared;
  private final MemoryRegionCache[] caches;
  private final MemoryRegion.Bank bank;
  private final MemoryRegion.Container system;
  private final MemoryRegion.Ram coming;

  SharedMachine(DispatchMemory memory) {
    this.memory = memory;
    this.shared = memory.newReader("shared");
    this.system = memory.container("system", Size.mib(1));
    this.bank = memory.bank("bank", Size.bytes(PAGE), 2);
    this.coming = memory.ram("coming", Size.bytes(PAGE));
    this.spaces = new AddressSpace[] {memory.addressSpace("one", system), memory.addressSpace("other", system)};
    plug();
    this.caches = new MemoryRegionCache[] {
        shared.cache(spaces[0], 0, PAGE), shared.cache(spaces[0], 0x1000, 0x40),
        shared.cache(spaces[1], 0x2000, PAGE), shared.cache(spaces[1], KNOWN, PAGE)};
  }

  private void plug() {
    MmioRules small = MmioRules.DEFAULT.withImplemented(AccessSizes.aligned(1, 2));
    MmioRules locked = MmioRules.DEFAULT.withGuard(new DeviceGuard("locked", Locking.DEVICE, Reentrancy.REJECT));
    MemoryRegion.Ram known = memory.ram("known", Size.bytes(PAGE));
    known.copyIn(0, MemorySegment.ofArray(pattern()));
    MemoryRegion.Ram tapped = memory.ram("tapped", Size.bytes(PAGE));
    MemoryRegion.Mmio delayed = device("delayed", locked);
    memory.update(tx -> tx
        .addSubregion(system, 0, memory.ram("ram", Size.bytes(PAGE)))
        .addSubregion(system, 0x1000, device("small", small))
        .addSubregion(system, 0x1010, device("locked", locked))
        .addSubregion(system, 0x1020, device("wide", MmioRules.DEFAULT.withImplemented(AccessSizes.aligned(4, 8))))
        .addSubregion(system, 0x1030, device("plain", MmioRules.DEFAULT))
        .addSubregion(system, 0x1040, delayed)
        .addCoalesced(delayed, new AddressRange(0, 7))
        .addSubregion(system, 0x2000, bank)
        .setVariant(bank, 0, memory.ram("variant", Size.bytes(PAGE)))
        .setVariant(bank, 1, memory.mmio("registers", Size.bytes(PAGE), new Device(MmioRules.DEFAULT)))
        .addSubregion(system, 0x3000, memory.rom("rom", Size.bytes(PAGE)))
        .addSubregion(system, 0x4000, tapped)
        .addSubregion(system, KNOWN, known)
        .addSubregion(system, BEHIND_IOMMU, memory.iommu("iommu", Size.bytes(BEHIND_IOMMU), new Straight())));
    memory.tap(tapped, TapFilter.of(new AddressRange(0, 0xff)), tap -> { });
    bank.select(0);
  }

  private MemoryRegion.Mmio device(String name, MmioRules rules) {
    return memory.mmio(name, Size.bytes(16), new Device(rules));
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[PAGE];
    for (int i = 0; i < PAGE; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 8));
    }
    return bytes;
  }

  /** Takes a region away or brings it back, and selects. */
  void change(int turn) {
    bank.select(turn & 1);
    memory.update(tx -> {
      if ((turn & 1) == 0) {
        tx.addSubregion(system, 0x6000, coming);
      } else {
        tx.delSubregion(system, coming);
      }
    });
  }

  MapReader reader() {
    return shared;
  }

  /** Makes a random use of the reader; throws {@link AssertionError} if a load from the known page is wrong. */
  void use(Random random) {
    switch (random.nextInt(12)) {
      case 0 -> {
        try (ReadSection _ = shared.enter()) {
          for (int i = 0; i < 4; i++) {
            access(random);
          }
        }
      }
      case 1 -> rest(random);
      case 2 -> shared.translate(space(random), address(random), 1 + random.nextInt(16), Access.READ).addressSpace();
      case 3 -> known(random);
      default -> access(random);
    }
  }

  private void rest(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> shared.quiescent();
      case 1 -> shared.online();
      default -> {
        shared.offline();
        shared.online();
      }
    }
  }

  private AddressSpace space(Random random) {
    return spaces[random.nextInt(spaces.length)];
  }

  private static long address(Random random) {
    long at = EDGES[random.nextInt(EDGES.length)] - random.nextInt(10) + random.nextInt(4);
    return random.nextInt(4) == 0 ? BEHIND_IOMMU + at : at;
  }

  private void known(Random random) {
    int at = random.nextInt(PAGE - 8);
    long from = random.nextInt(3) == 0 ? BEHIND_IOMMU + KNOWN : KNOWN;
    long seen = random.nextBoolean()
        ? shared.load(space(random), from + at, 8)
        : caches[3].load(at, 8);
    byte[] bytes = pattern();
    for (int i = 0; i < 8; i++) {
      if ((byte) (seen >>> 8 * i) != bytes[at + i]) {
        throw new AssertionError("known memory at " + at + " reads " + Long.toHexString(seen));
      }
    }
  }

  private void access(Random random) {
    AddressSpace space = space(random);
    long at = address(random);
    int size = 1 << random.nextInt(4);
    MemorySegment some = MemorySegment.ofArray(new byte[1 + random.nextInt(40)]);
    switch (random.nextInt(14)) {
      case 0, 1 -> shared.load(space, at, size);
      case 2 -> shared.fetch(space, at, size);
      case 3, 4 -> shared.store(space, storable(at), size, random.nextLong());
      case 5 -> shared.read(space, at, some, MemTxAttrs.UNSPECIFIED);
      case 6 -> shared.write(space, storable(at), some, MemTxAttrs.UNSPECIFIED);
      case 7 -> shared.fill(space, storable(at), some.byteSize(), (byte) 1, MemTxAttrs.UNSPECIFIED);
      case 8 -> shared.peek(space, at, some);
      case 9 -> shared.poke(space, storable(at), some);
      case 10 -> shared.fetchAndOp(space, storable(at), size, AtomicOp.ADD, 1);
      case 11 -> shared.compareAndExchange(space, storable(at), size, 0, 1);
      case 12 -> shared.isAccessible(space, at, some.byteSize(), Access.WRITE, MemTxAttrs.UNSPECIFIED);
      default -> caches[random.nextInt(caches.length)].load(random.nextInt(0x38), size);
    }
  }

  /** An address from which no store of some bytes reaches the known page. */
  private static long storable(long address) {
    long below = address & 0xffff;
    return below >= KNOWN - 64 && below < KNOWN + PAGE ? address - 0x1000 : address;
  }

  /** A device that uses the reader which calls it, and changes the map at times. */
  private final class Device implements MmioDevice {

    private final MmioRules rules;

    Device(MmioRules rules) {
      this.rules = rules;
    }

    @Override
    public MmioRules rules() {
      return rules;
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      return offset % 4 == 0 ? tx.reader().load(spaces[0], 0x4000 - size / 2, size) : offset;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      if ((value & 0x1f) == 0) {
        memory.update(t -> t.setEnabled(coming, (value & 0x20) != 0));
      }
    }
  }

  /** Leads each page to its equal, and keeps its answers. */
  private final class Straight implements IommuTranslator {

    private final InvalidationSequence changes = new InvalidationSequence();

    @Override
    public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
      long number = changes.current();
      reader.load(spaces[0], 8, 8);
      entry.grant(spaces[0], address & -PAGE, PAGE - 1, true, true);
      if ((address & PAGE) == 0) {
        entry.reusableWhile(changes, number);
      }
    }
  }
}
