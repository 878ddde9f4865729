package io.flatview.iommu.riscv;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;

/**
 * The target of accesses to memory-resident interrupt files (AIA, "MSI PTE, MRIF mode"): a device of the IOMMU's own,
 * in an address space of its own. An address there is the physical address of an MSI PTE, a multiple of 16, with the
 * offset in the page below it. So an access names its PTE, however long after its translation it comes, and the PTE is
 * read once more.
 *
 * <p>A message that cannot be stored is reported for the last translation that led here, which the {@link WalkStack} of
 * the thread knows.
 */
final class InterruptFiles implements MmioDevice {

  private static final int PAGE_BITS = 12;
  private static final int PTE_BITS = 4;
  private static final long BIG_ENDIAN = 4;
  private static final long LARGEST_IDENTITY = 0x7ff;
  private static final int WORD_BITS = 6;
  private static final int PAIR_BITS = 4;

  private final RiscvIommu iommu;
  private final AddressSpace memory;
  private final Capabilities capabilities;

  InterruptFiles(RiscvIommu iommu, AddressSpace memory, Capabilities capabilities) {
    this.iommu = iommu;
    this.memory = memory;
    this.capabilities = capabilities;
  }

  /** The address of an access in this device: that of the PTE, and the offset in the page. */
  static long place(long pte, long pageOffset) {
    return pte >>> PTE_BITS << PAGE_BITS | pageOffset;
  }

  static long pte(long place) {
    return place >>> PAGE_BITS << PTE_BITS;
  }

  @Override
  public MmioRules rules() {
    return MmioRules.DEFAULT.withValid(AccessSizes.aligned(4, 4));
  }

  @Override
  public long read(long offset, int size, MemTx tx) {
    return 0;
  }

  @Override
  public void write(long offset, int size, long value, MemTx tx) {
    long pageOffset = offset & (1 << PAGE_BITS) - 1;
    long identity = (pageOffset & BIG_ENDIAN) == 0
        ? value
        : Integer.toUnsignedLong(Integer.reverseBytes((int) value));
    if ((pageOffset & ~BIG_ENDIAN) == 0 && identity <= LARGEST_IDENTITY && !store(pte(offset), identity, tx.reader())) {
      tx.fail(MemTxResult.ERROR);
      iommu.reportInterruptFile(offset, tx.reader());
    }
  }

  private boolean store(long pte, long identity, MapReader reader) {
    long low = reader.load(memory, pte, 8);
    long high = reader.lastResult().isOk() ? reader.load(memory, pte + 8, 8) : 0;
    if (!reader.lastResult().isOk() || !MsiTable.ResidentFile.isSound(low, high)) {
      return false;
    }
    long word = MsiTable.ResidentFile.file(low) + (identity >>> WORD_BITS << PAIR_BITS);
    if (!capabilities.reaches(word)) {
      return false;
    }
    reader.fetchAndOp(memory, word, 8, AtomicOp.OR, 1L << identity);
    return reader.lastResult().isOk() && notice(high, reader);
  }

  private boolean notice(long high, MapReader reader) {
    long page = MsiTable.ResidentFile.noticePage(high);
    return capabilities.reaches(page)
        && reader.store(memory, page, 4, MsiTable.ResidentFile.noticeIdentity(high)).isOk();
  }
}
