package io.flatview.examples.bench.bank;

import io.flatview.memory.Access;
import io.flatview.memory.BankSelection;
import io.flatview.memory.Translation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Banks; the CPU keeps the memory of each page of 1 KiB under its selection, as a translation cache does. */
final class CachedBankBus extends BankBus {

  private static final int PAGE_BITS = 10;

  /** What is kept of a page. */
  private static final class Entry {

    private boolean filled;

    /** Null where each access must go through the reader. */
    private MemorySegment memory;

    /** From an address to where it lies in the memory. */
    private long toOffset;

    /** Null for what no bank shows. */
    private BankSelection selection;
  }

  private final Entry[] entries = new Entry[64];
  private long generation;

  CachedBankBus(Layout layout) {
    super(layout);
    for (int page = 0; page < entries.length; page++) {
      entries[page] = new Entry();
    }
  }

  @Override
  public void begin() {
    super.begin();
    if (generation != reader.generation()) {
      generation = reader.generation();
      for (Entry entry : entries) {
        entry.filled = false;
      }
    }
  }

  @Override
  public int load(int address) {
    Entry entry = entries[address >>> PAGE_BITS];
    if (!entry.filled || entry.selection != null && !entry.selection.isCurrent()) {
      fill(entry, address & -1 << PAGE_BITS);
    }
    MemorySegment memory = entry.memory;
    return memory != null
        ? memory.get(ValueLayout.JAVA_BYTE, address + entry.toOffset) & 0xff
        : super.load(address);
  }

  private void fill(Entry entry, int page) {
    Translation found = reader.translate(space, page, 1 << PAGE_BITS, Access.READ);
    entry.memory = found.length() == 1 << PAGE_BITS ? found.selectedMemory() : null;
    entry.toOffset = found.offset() - page;
    entry.selection = found.selection();
    entry.filled = true;
  }
}
