package io.flatview.dispatch.sparse;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * The arithmetic of a sparse memory: checks ranges and sections, and cuts sections into parts.
 *
 * @param region the region, for messages
 * @param bytes the largest size of the memory, a multiple of the granularity
 * @param bits the binary logarithm of the size of a granule
 */
record Extent(MemoryRegion.Ram region, long bytes, int bits) {

  long granularity() {
    return 1L << bits;
  }

  long granules() {
    return bytes >> bits;
  }

  /** The number of the granule that has an offset. */
  long granule(long offset) {
    return offset >> bits;
  }

  /** The highest offset of a section. */
  static long last(MemoryRegionSection section) {
    return section.offsetOf(section.range().last());
  }

  void checkGranules(long offset, long length) {
    checkRange(offset, length);
    if (((offset | length) & granularity() - 1) != 0) {
      throw new IllegalArgumentException(size(length) + " at offset " + AddressRange.hex(offset) + " of region "
          + region + " are not whole granules of " + size(granularity()));
    }
  }

  void checkRange(long offset, long length) {
    if (offset < 0 || length < 0 || length > bytes || offset > bytes - length) {
      throw new IndexOutOfBoundsException(size(length) + " at offset " + AddressRange.hex(offset)
          + " do not fit sparse region " + region + " of up to " + size(bytes));
    }
  }

  void checkSection(MemoryRegionSection section) {
    if (section.region() != region) {
      throw new IllegalArgumentException("section " + section + " is of region " + section.region()
          + "; this is the discard manager of " + region);
    }
    long span = section.range().last() - section.range().first();
    if (span < 0 || section.offsetInRegion() < 0 || span >= bytes || section.offsetInRegion() >= bytes - span) {
      throw new IndexOutOfBoundsException("section " + section + " at addresses " + section.range()
          + " reaches beyond sparse region " + region + " of up to " + size(bytes));
    }
  }

  static String size(long bytes) {
    return "0x" + Long.toHexString(bytes) + " bytes";
  }

  /**
   * The parts of a section between two offsets of its memory, in ascending order, as long as possible.
   *
   * @param granules the state
   * @param populated whether populated parts are wanted, or discarded ones
   * @param section a section that lies in the memory
   * @param first the lowest offset, inclusive
   * @param last the highest offset, inclusive
   */
  List<MemoryRegionSection> parts(
      Granules granules, boolean populated, MemoryRegionSection section, long first, long last) {
    long start = section.offsetInRegion();
    long from = Math.max(first, start);
    long to = Math.min(last, last(section));
    List<MemoryRegionSection> parts = new ArrayList<>();
    long end = granule(to);
    for (long granule = granule(from); granule <= end; ) {
      long begin = granules.next(populated, granule, end);
      granule = begin <= end ? granules.next(!populated, begin, end) : begin;
      if (begin <= end) {
        parts.add(cut(section, Math.max(from, begin << bits), Math.min(to, (granule << bits) - 1)));
      }
    }
    return parts;
  }

  private static MemoryRegionSection cut(MemoryRegionSection section, long from, long to) {
    long base = section.range().first() - section.offsetInRegion();
    return new MemoryRegionSection(
        new AddressRange(base + from, base + to), section.region(), from, section.attributes());
  }
}
