package io.flatview.iommu.riscv;

/**
 * The translations that a thread has under way, one inside the other, since tables may be behind an IOMMU, too.
 * Translations that lead back to themselves end at a depth that no sensible table reaches, with one report, for the
 * access that began them. Confined to one thread.
 */
final class WalkStack {

  private static final int DEEPEST = 8;

  private final RiscvIommu iommu;
  private final IovaTranslation[] walks = new IovaTranslation[DEEPEST];
  private int depth;
  private boolean circular;

  /** The last translation that led to a memory-resident interrupt file. */
  private Device device;
  private int index;
  private long iova;
  private long place = -1;
  private boolean silent;

  WalkStack(RiscvIommu iommu) {
    this.iommu = iommu;
  }

  /** Begins a translation, to be ended by {@link #leave}; null if too many are under way. */
  IovaTranslation enter() {
    if (depth == 0) {
      circular = false;
    } else if (depth == DEEPEST) {
      circular = true;
      return null;
    }
    if (walks[depth] == null) {
      walks[depth] = iommu.newTranslation();
    }
    return walks[depth++];
  }

  void leave() {
    depth--;
  }

  /** Whether the access that the IOMMU refuses now is its own, in a circle of translations. */
  boolean isInCircle() {
    return depth > 0 && circular;
  }

  void noteInterruptFile(Device of, int table, long address, long at, boolean unreported) {
    device = of;
    index = table;
    iova = address;
    place = at;
    silent = unreported;
  }

  /**
   * The device whose translation led to a place in {@link InterruptFiles}; null if the last such translation led
   * elsewhere, or if the faults of its device are not reported.
   */
  Device initiatorAt(long at) {
    return place == at && !silent ? device : null;
  }

  int index() {
    return index;
  }

  long iova() {
    return iova;
  }
}
