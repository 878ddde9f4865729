package io.flatview.memory;

import java.util.BitSet;
import java.util.stream.Stream;

/** The pages of one memory that were written between two snapshots of a {@link DirtyClient}. Immutable. */
public final class DirtySnapshot {

  private final MemoryRegion.Memory region;
  private final long start;
  private final long pageSize;
  private final BitSet pages;

  /**
   * Makes a snapshot.
   *
   * @param region the memory whose pages these are
   * @param start the offset of page 0 in the memory, unsigned
   * @param pageSize the number of bytes in a page, a power of two
   * @param pages the pages that were written, counted from the start
   */
  public DirtySnapshot(MemoryRegion.Memory region, long start, long pageSize, BitSet pages) {
    this.region = region;
    this.start = start;
    this.pageSize = pageSize;
    this.pages = (BitSet) pages.clone();
  }

  /**
   * The memory whose pages these are.
   *
   * @return the memory
   */
  public MemoryRegion.Memory region() {
    return region;
  }

  /**
   * The unit in which writes are noted.
   *
   * @return bytes in a page, a power of two
   */
  public long pageSize() {
    return pageSize;
  }

  /**
   * Whether nothing was written.
   *
   * @return true if there are no pages
   */
  public boolean isEmpty() {
    return pages.isEmpty();
  }

  /**
   * The number of pages that were written.
   *
   * @return 0 if nothing was written
   */
  public int pages() {
    return pages.cardinality();
  }

  /**
   * Whether the page of a byte was written.
   *
   * @param offset the offset of the byte in the memory, unsigned
   * @return false also for a page that the snapshot does not cover
   */
  public boolean isDirty(long offset) {
    long page = Long.divideUnsigned(offset - start, pageSize);
    return Long.compareUnsigned(offset, start) >= 0 && page < pages.length() && pages.get((int) page);
  }

  /**
   * The bytes of the pages that were written.
   *
   * @return offsets in the memory, ascending, in whole pages; neighbouring pages are one range
   */
  public Stream<AddressRange> ranges() {
    return Stream.iterate(next(0), run -> run != null, run -> next(run[1])).map(run ->
        new AddressRange(start + run[0] * pageSize, start + run[1] * pageSize - 1));
  }

  private int[] next(int from) {
    int first = pages.nextSetBit(from);
    return first < 0 ? null : new int[] {first, pages.nextClearBit(first)};
  }

  /**
   * All pages of two snapshots of one memory, such as those that could not be copied and those that were written
   * since.
   *
   * @param other a snapshot of the same memory
   * @return a new snapshot; both others stay as they are
   * @throws IllegalArgumentException if it is of another memory, or the pages lie more than 2<sup>31</sup>-1 apart
   */
  public DirtySnapshot union(DirtySnapshot other) {
    if (other.region != region || other.pageSize != pageSize) {
      throw new IllegalArgumentException("a snapshot of " + this + " cannot be united with " + other
          + "; only snapshots of one memory can");
    }
    DirtySnapshot lower = Long.compareUnsigned(start, other.start) <= 0 ? this : other;
    DirtySnapshot upper = lower == this ? other : this;
    long distance = Long.divideUnsigned(upper.start - lower.start, pageSize);
    if (distance + upper.pages.length() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(this + " and " + other + " lie " + distance + " pages apart, and a snapshot"
          + " holds " + Integer.MAX_VALUE + "; keep both");
    }
    DirtySnapshot united = new DirtySnapshot(region, lower.start, pageSize, lower.pages);
    upper.pages.stream().forEach(page -> united.pages.set((int) distance + page));
    return united;
  }

  @Override
  public String toString() {
    return pages() + " pages of '" + region.name() + "' (#" + region.id() + ")";
  }
}
