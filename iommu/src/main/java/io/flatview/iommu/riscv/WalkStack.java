package io.flatview.iommu.riscv;

/**
 * The translations that a thread has under way, one in the other: tables may be behind an IOMMU, too. Those that lead
 * back to themselves come to an end at a depth that no sensible table reaches, and are reported once, for the access
 * that began them. Confined to one thread.
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

  /** Begins a translation; null if they are too many. To be ended by {@link #leave} if not. */
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

  /** Whether what the IOMMU refuses now, it refuses to itself on its way in a circle. */
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

  /** The device that asked for a place in {@link InterruptFiles}; null if another translation did, or unreported. */
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
