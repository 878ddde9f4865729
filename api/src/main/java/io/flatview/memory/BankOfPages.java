package io.flatview.memory;

/** Makes banks whose variants are the pages of a region. */
final class BankOfPages {

  private BankOfPages() {}

  static MemoryRegion.Bank make(MemorySystem memory, String name, Size size, MemoryRegion pages) {
    int count = count(name, size, pages);
    MemoryRegion.Bank bank = memory.bank(name, size, count);
    memory.update(tx -> {
      for (int i = 0; i < count; i++) {
        tx.setVariant(bank, i, memory.alias(name + "[" + i + "]", pages, i * (size.last() + 1), size));
      }
    });
    return bank;
  }

  private static int count(String name, Size size, MemoryRegion pages) {
    long count = count(size, pages.size());
    if (count < 1 || count > MemoryRegion.Bank.MOST_VARIANTS) {
      throw new IllegalArgumentException("bank '" + name + "' of " + size + " bytes would have " + count + " pages of "
          + pages.name() + ", which has " + pages.size() + " bytes; 1 to "
          + MemoryRegion.Bank.MOST_VARIANTS + " are possible");
    }
    return (int) count;
  }

  private static long count(Size size, Size pages) {
    if (size.isEmpty() || pages.isEmpty()) {
      return 0;
    }
    return size.isFull() ? 1 : Long.divideUnsigned(pages.last(), size.last() + 1) + 1;
  }
}
