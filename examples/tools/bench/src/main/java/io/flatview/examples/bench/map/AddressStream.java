package io.flatview.examples.bench.map;

import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;

/** Patterns of addresses, as QEMU was measured with. */
public enum AddressStream {
  /** One address in the middle of the largest RAM. */
  HOT_RAM,
  /** The first address of the device in the middle. */
  HOT_MMIO,
  /** Every fourth address of the largest RAM. */
  SEQ4,
  /** Every page of the largest RAM. */
  SEQ4K,
  /** The first address of each range in turn. */
  RR_RANGES,
  /** RAM and a device in turn. */
  ALT_RAM_MMIO,
  /** All bytes of all ranges alike. */
  RND_BYTES,
  /** All ranges alike. */
  RND_RANGES,
  /** All bytes of RAM alike. */
  RAM100,
  /** Of ten accesses one to any device, nine to any byte of RAM. */
  RAM90MMIO10,
  /** Half of the accesses to devices. */
  RAM50MMIO50,
  /** All devices alike. */
  MMIO100,
  /** Where nothing is. */
  UNMAPPED;

  /** How many addresses a stream has. */
  public static final int LENGTH = 65_536;

  private static final long SEED = 0x5EED0001L;
  private static final long PAGE_MASK = 0xfff;
  private static final long HOT_OFFSET = 0x123000;
  private static final long UNMAPPED_BASE = 1L << 45;
  private static final long UNMAPPED_MASK = (1L << 40) - 1;

  /**
   * The stream's name in tables.
   *
   * @return as QEMU's figures have it
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The addresses for a map.
   *
   * @param topology the map
   * @return {@link #LENGTH} addresses, always the same
   */
  public long[] over(Topology topology) {
    IntToLongFunction rule = new Rules(topology).of(this);
    long[] addresses = new long[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      addresses[i] = rule.applyAsLong(i);
    }
    return addresses;
  }

  /** How each stream picks its addresses. */
  private static final class Rules {

    private final SplitMix64 random = new SplitMix64(SEED);
    private final List<FlatRange> all;
    private final List<FlatRange> ram;
    private final List<FlatRange> mmio;
    private final FlatRange big;
    private final FlatRange middle;

    Rules(Topology topology) {
      all = topology.ranges();
      ram = all.stream().filter(FlatRange::ram).toList();
      mmio = all.stream().filter(range -> !range.ram()).toList();
      long most = ram.stream().mapToLong(FlatRange::size).max().orElseThrow();
      big = ram.stream().filter(range -> range.size() == most).findFirst().orElseThrow();
      middle = mmio.get(mmio.size() / 2);
    }

    IntToLongFunction of(AddressStream stream) {
      return switch (stream) {
        case HOT_RAM -> _ -> big.first() + (big.size() / 2 & ~PAGE_MASK) + HOT_OFFSET % big.size();
        case HOT_MMIO -> _ -> middle.first();
        case SEQ4 -> i -> big.first() + 4L * i % big.size();
        case SEQ4K -> i -> big.first() + 4096L * i % big.size();
        case RR_RANGES -> i -> all.get(i % all.size()).first();
        case ALT_RAM_MMIO -> i -> i % 2 == 1 ? middle.first() : big.first() + PAGE_MASK + 1;
        case RND_BYTES -> bytesOf(all);
        case RND_RANGES -> _ -> byRange(all);
        case RAM100 -> bytesOf(ram);
        case RAM90MMIO10 -> mixed(10);
        case RAM50MMIO50 -> mixed(2);
        case MMIO100 -> _ -> byRange(mmio);
        case UNMAPPED -> _ -> UNMAPPED_BASE + (random.next() & UNMAPPED_MASK & ~3);
      };
    }

    private IntToLongFunction mixed(int oneIn) {
      IntToLongFunction bytes = bytesOf(ram);
      return i -> random.below(oneIn) == 0 ? byRange(mmio) : bytes.applyAsLong(i);
    }

    private IntToLongFunction bytesOf(List<FlatRange> ranges) {
      long total = ranges.stream().mapToLong(FlatRange::size).sum();
      return _ -> byteAt(ranges, random.below(total));
    }

    private static long byteAt(List<FlatRange> ranges, long number) {
      long at = number;
      for (FlatRange range : ranges) {
        if (Long.compareUnsigned(at, range.size()) < 0) {
          return range.first() + (at & ~3);
        }
        at -= range.size();
      }
      throw new AssertionError("beyond all ranges");
    }

    private long byRange(List<FlatRange> ranges) {
      long which = random.next();
      long where = random.next();
      FlatRange range = ranges.get((int) Long.remainderUnsigned(which, ranges.size()));
      return range.first() + (Long.remainderUnsigned(where, range.size()) & ~3);
    }
  }
}
