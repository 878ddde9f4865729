package io.flatview.examples.bench.bus;

import java.util.Arrays;
import java.util.List;

/** An array of pages over all of 4 GiB. */
final class PageArrayBus implements Bus {

  private static final int PAGES = 1 << 20;
  private static final int PAGE_BITS = 12;

  private final Range[] pages = new Range[PAGES];

  PageArrayBus(List<Range> ranges) {
    ranges.forEach(range ->
        Arrays.fill(pages, (int) (range.first >>> PAGE_BITS), (int) (range.last >>> PAGE_BITS) + 1, range));
  }

  @Override
  public long load(long address, int size) {
    return pages[(int) (address >>> PAGE_BITS)].load(address, size);
  }

  @Override
  public void store(long address, int size, long value) {
    pages[(int) (address >>> PAGE_BITS)].store(address, size, value);
  }
}
