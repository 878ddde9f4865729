package io.flatview.examples.bench.bank;

import io.flatview.memory.Access;
import io.flatview.memory.BankSelection;
import io.flatview.memory.Translation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Banks; the CPU keeps the memory of each page under its selection, as a translation cache does. */
final class CachedBankBus extends BankBus {

  /** The kept state of a page. */
  private static final class Entry {

    private boolean filled;

    /** Null where each access must go through the reader. */
    private MemorySegment memory;

    /** From an address to where it lies in the memory. */
    private long toOffset;

    /** Null for what no bank shows. */
    private BankSelection selection;
  }

  private final int pageBits;
  private final Entry[] entries;
  private long generation;

  CachedBankBus(Layout layout) {
    super(layout);
    pageBits = layout.pageBits;
    entries = new Entry[1 << 16 - pageBits];
    for (int page = 0; page < entries.length; page++) {
      entries[page] = new Entry();
    }
  }

  @Override
  void entered() {
    if (generation != reader.generation()) {
      generation = reader.generation();
      for (Entry entry : entries) {
        entry.filled = false;
      }
    }
  }

  @Override
  public int load(int address) {
    Entry entry = entries[address >>> pageBits];
    if (!entry.filled || entry.selection != null && !entry.selection.isCurrent()) {
      fill(entry, address & -1 << pageBits);
    }
    MemorySegment memory = entry.memory;
    return memory != null
        ? memory.get(ValueLayout.JAVA_BYTE, address + entry.toOffset) & 0xff
        : super.load(address);
  }

  private void fill(Entry entry, int page) {
    Translation found = reader.translate(space, page, 1 << pageBits, Access.READ);
    entry.memory = found.length() == 1 << pageBits ? found.selectedMemory() : null;
    entry.toOffset = found.offset() - page;
    entry.selection = found.selection();
    entry.filled = true;
  }
}
