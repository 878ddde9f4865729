package io.flatview.examples.virt64.hart;

import io.flatview.memory.MemoryRegion;
import java.lang.foreign.MemorySegment;

/**
 * Decoded pages, by the region that owns the memory and the place in it: a decoded page stays, however the region is
 * moved. Confined to the hart's thread.
 *
 * <p>A copy is compared with memory on its first use after each {@code fence.i} and each change of the address
 * translation. The latter is more than the architecture asks for: software that was only tried on machines with
 * coherent instruction caches leaves the fence out when it loads programs.
 */
final class CodeCache {

  private static final int PAGES = 1024;
  private static final int OFFSET_BITS = 40;

  private final CodePage[] pages = new CodePage[PAGES];
  private int epoch;

  int epoch() {
    return epoch;
  }

  void barrier() {
    epoch++;
  }

  CodePage page(MemoryRegion region, MemorySegment memory, long offset) {
    long number = offset / CodePage.BYTES;
    long key = region.id() << OFFSET_BITS ^ number;
    int slot = (int) (key ^ key >>> OFFSET_BITS - 4) & PAGES - 1;
    CodePage page = pages[slot];
    if (page == null || !page.is(key)) {
      page = new CodePage(key);
      pages[slot] = page;
    }
    if (!page.isFresh(epoch)) {
      page.refresh(memory, offset, epoch);
    }
    return page;
  }
}
