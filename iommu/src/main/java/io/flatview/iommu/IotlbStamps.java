package io.flatview.iommu;

import io.flatview.memory.AddressRange;
import io.flatview.memory.InvalidationSequence;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters by which entries of an {@link Iotlb} become invalid: one for all, and some for sources, domains, pages
 * of 4 KiB and chunks of 2 MiB, which share counters by their hash. Sharing costs a needless miss, never a false hit.
 *
 * <p>An entry of a leaf of 4 KiB uses the counter of its page. An entry of a leaf of up to 2 MiB uses that of its
 * chunk, which an invalidation of any page in the chunk increments, too. An entry of a larger leaf uses one counter
 * that every invalidation of pages increments. The size of the leaf decides, since an invalidation may name any address
 * of the leaf, however little of it an entry keeps.
 *
 * <p>Increments are volatile and loads acquire; {@link Iotlb} says which outcome that forbids.
 */
final class IotlbStamps {

  static final long PAGE_MASK = 0xfff;
  static final long CHUNK_MASK = 0x1f_ffff;

  private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PAGE_BITS = 12;
  private static final int CHUNK_BITS = 21;

  /** The counter that an entry uses, by the size of the leaf that maps it. */
  static final int BY_PAGE = 0;
  static final int BY_CHUNK = 1;
  static final int BY_ANY = 2;

  private static final int ALL = 0;
  private static final int ANY = 1;
  private static final int SOURCES = 8;
  private static final int DOMAINS = SOURCES + 256;
  private static final int CHUNKS = DOMAINS + 256;
  private static final int PAGES = CHUNKS + 256;
  private static final int END = PAGES + 4096;

  private final long[] counters = new long[END];

  /** Advances after counters were incremented, never before, for the reason that {@link Iotlb} gives. */
  final InvalidationSequence sequence = new InvalidationSequence();

  /** The number of a domain's counter, 0 to 255. */
  static int domain(int domain) {
    return domain * 0x9e37_79b9 >>> 24;
  }

  private static int source(int source) {
    return SOURCES + (source & 0xff);
  }

  private static int page(long address) {
    return PAGES + (int) (address >>> PAGE_BITS & 0xfff);
  }

  private static int chunk(long address) {
    return CHUNKS + (int) (address >>> CHUNK_BITS & 0xff);
  }

  private long load(int counter) {
    return load(counters, counter);
  }

  private static long load(long[] counters, int counter) {
    return (long) LONG.getAcquire(counters, counter);
  }

  long ofSource(int source) {
    return load(ALL) + load(source(source));
  }

  long ofDomain(int hashed) {
    return load(DOMAINS + hashed);
  }

  long ofPage(long address) {
    return load(page(address));
  }

  long ofChunk(long address) {
    return load(chunk(address));
  }

  long ofAny() {
    return load(ANY);
  }

  /** The counter that entries of a leaf use; {@code leafMask} is the size of the leaf less 1. */
  static int kind(long leafMask) {
    if (Long.compareUnsigned(leafMask, PAGE_MASK) <= 0) {
      return BY_PAGE;
    }
    return Long.compareUnsigned(leafMask, CHUNK_MASK) <= 0 ? BY_CHUNK : BY_ANY;
  }

  /** The sum that a valid entry carries now. */
  long sum(int source, int hashedDomain, long address, int kind) {
    long[] all = counters;
    int third = switch (kind) {
      case BY_PAGE -> page(address);
      case BY_CHUNK -> chunk(address);
      default -> ANY;
    };
    return load(all, ALL) + load(all, source(source)) + load(all, DOMAINS + hashedDomain) + load(all, third);
  }

  private void bump(int counter) {
    LONG.getAndAdd(counters, counter, 1L);
  }

  void bumpAll() {
    bump(ALL);
    sequence.advance();
  }

  void bumpSource(int source) {
    bump(source(source));
    sequence.advance();
  }

  void bumpDomain(int hashed) {
    bump(DOMAINS + hashed);
    sequence.advance();
  }

  void bump(AddressRange range) {
    long pages = (range.last() >>> PAGE_BITS) - (range.first() >>> PAGE_BITS) + 1;
    if (pages > 256) {
      bumpAll();
      return;
    }
    long firstPage = range.first() & ~PAGE_MASK;
    for (long i = 0; i < pages; i++) {
      bump(page(firstPage + (i << PAGE_BITS)));
    }
    bump(ANY);
    bump(chunk(range.first()));
    if (range.first() >>> CHUNK_BITS != range.last() >>> CHUNK_BITS) {
      bump(chunk(range.last()));
    }
    sequence.advance();
  }
}
