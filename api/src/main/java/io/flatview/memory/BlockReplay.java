package io.flatview.memory;

import java.util.function.Consumer;

/** Finds all mappings of an IOMMU by translating one block after the other, and joins consecutive mappings. */
final class BlockReplay {

  private final IommuTranslator translator;
  private final int index;
  private final MapReader reader;
  private final Consumer<? super IommuEvent.Map> mapped;
  private final long pageMask;
  private final IommuTlbEntry entry = new IommuTlbEntry();
  private IommuEvent.Map pending;

  BlockReplay(IommuTranslator translator, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
    this.translator = translator;
    this.index = index;
    this.reader = reader;
    this.mapped = mapped;
    this.pageMask = Long.lowestOneBit(translator.pageSizeMask()) - 1;
  }

  void run(AddressRange range) {
    long at = range.first();
    long last;
    do {
      last = ask(at, range.last());
      at = last + 1;
    } while (last != range.last());
    flush();
  }

  /** Translates one block and returns its last address. */
  private long ask(long at, long limit) {
    entry.deny();
    translator.translate(at, Access.READ, index, reader, entry);
    boolean granted = entry.permitsAny();
    long end = at | (granted ? entry.addrMask() : entry.addrMask() | pageMask);
    long last = AddressRange.minUnsigned(end, limit);
    if (granted) {
      append(new IommuEvent.Map(new AddressRange(at, last), entry.target(), entry.apply(at),
          entry.permits(Access.READ), entry.permits(Access.WRITE), entry.permits(Access.FETCH)));
    }
    return last;
  }

  private void append(IommuEvent.Map next) {
    if (pending != null && pending.isContinuedBy(next)) {
      pending = pending.joinedWith(next);
    } else {
      flush();
      pending = next;
    }
  }

  private void flush() {
    if (pending != null) {
      mapped.accept(pending);
      pending = null;
    }
  }
}
